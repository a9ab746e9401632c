import { formatBytes } from "./format-bytes.ts";

/** Where progress goes: the terminal's stderr, or a test's stand-in. */
export interface ProgressOutput {
  readonly isTTY?: boolean | undefined;
  readonly write: (text: string) => unknown;
}

/** Follows the bytes of a run. Feed it to `hashModel`. */
export interface Progress {
  readonly onTotal: (bytes: number) => void;
  readonly onBytes: (bytes: number) => void;
  /** Takes the line off the terminal again. */
  readonly end: () => void;
}

// What is done in less time needs no progress.
const SILENT_MILLISECONDS = 500;
const REDRAW_MILLISECONDS = 100;
const CLEAR_LINE = "\r\u001b[K";

/**
 * Shows progress by bytes, with rate and time left: on a terminal one line that is drawn again at most ten
 * times a second, elsewhere a line for each tenth.
 *
 * @param now - milliseconds of a clock that does not go back
 * @param doing - what is done with the bytes
 */
export function createProgress(output: ProgressOutput, now: () => number, doing = "hashing"): Progress {
  let start = now();
  let total = 0;
  let done = 0;
  let drawnAt = -Infinity;
  let tenths = 0;

  const describe = () => {
    const rate = done / Math.max(1, now() - start); // bytes per millisecond
    const seconds = Math.ceil((total - done) / rate / 1000);
    const percent = Math.floor((done / total) * 100);
    return `${percent} % of ${formatBytes(total)}, ${formatBytes(Math.round(rate * 1000))}/s, ${seconds} s left`;
  };
  return {
    onTotal: (bytes) => {
      if (total === 0) start = now(); // what came before was no work on bytes
      total += bytes;
    },
    onBytes: (bytes) => {
      done += bytes;
      if (total === 0 || now() - start < SILENT_MILLISECONDS) return;
      if (output.isTTY) {
        if (now() - drawnAt < REDRAW_MILLISECONDS) return;
        drawnAt = now();
        output.write(`${CLEAR_LINE}${doing}: ${describe()}`);
      } else if (Math.floor((done / total) * 10) > tenths) {
        tenths = Math.floor((done / total) * 10);
        output.write(`${doing}: ${describe()}\n`);
      }
    },
    end: () => {
      if (output.isTTY && drawnAt !== -Infinity) output.write(CLEAR_LINE);
    },
  };
}
