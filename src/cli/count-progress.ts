import type { ProgressOutput } from "./progress.ts";

/** Follows things that are done one after the other. */
export interface CountProgress {
  readonly onDone: () => void;
  /** Takes the line off the terminal again. */
  readonly end: () => void;
}

const SILENT_MILLISECONDS = 500;
const REDRAW_MILLISECONDS = 100;
const LINE_MILLISECONDS = 10_000;
const CLEAR_LINE = "\r\u001b[K";

/**
 * Shows how many are done, and how many a second: on a terminal one line that is drawn again, elsewhere a line every ten
 * seconds.
 *
 * @param what - plural, for example `models`
 * @param total - undefined where nobody knows
 * @param now - milliseconds of a clock that does not go back
 */
export function createCountProgress(
  output: ProgressOutput,
  now: () => number,
  what: string,
  total: number | undefined,
): CountProgress {
  const start = now();
  let done = 0;
  let drawnAt = start;
  let isDrawn = false;
  return {
    onDone: () => {
      done++;
      const interval = output.isTTY ? REDRAW_MILLISECONDS : LINE_MILLISECONDS;
      if (now() - start < SILENT_MILLISECONDS || now() - drawnAt < interval) return;
      drawnAt = now();
      isDrawn = true;
      const rate = (done * 1000) / Math.max(1, now() - start);
      const of = total === undefined ? "" : ` of ${total}`;
      const text = `${done}${of} ${what}, ${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
      output.write(output.isTTY ? `${CLEAR_LINE}${text}` : `${text}\n`);
    },
    end: () => {
      if (output.isTTY && isDrawn) output.write(CLEAR_LINE);
    },
  };
}
