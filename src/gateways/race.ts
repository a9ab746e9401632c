import type { BlockFault } from "./gateway.ts";

/** When another runner is sent after those that run; in milliseconds. */
export interface HedgeDelays {
  /** When none of them brought a byte for so long. */
  readonly idle: number;
  /** When none of them arrived for so long, whatever they brought. */
  readonly slow: number;
}

/** One way of getting the same thing. */
export type Runner = (signal: AbortSignal, onBytes: () => void) => Promise<Uint8Array | BlockFault>;

/** How a race ended. */
export interface RaceOutcome {
  readonly bytes?: Uint8Array;
  /** Which runner brought them. */
  readonly winner?: number;
  /** What became of those that did not. */
  readonly faults: readonly (BlockFault | undefined)[];
  /** Those that were sent before the winner, and did not arrive. */
  readonly overtaken: readonly number[];
}

/**
 * Runs one runner after the other until the first arrives: the next one starts as soon as one fails, or when those
 * that run are too slow. Who loses is called back.
 *
 * @param signal - calls all of them back, and ends the race without a winner
 */
export async function race(
  runners: readonly Runner[],
  delays: HedgeDelays,
  signal?: AbortSignal,
): Promise<RaceOutcome> {
  return new Promise((resolve, reject) => {
    const running = new Map<number, AbortController>();
    const faults: (BlockFault | undefined)[] = runners.map(() => undefined);
    let next = 0;
    let lastStart = 0;
    let lastByte = 0;
    let timer: NodeJS.Timeout | undefined;

    const end = (winner?: number, bytes?: Uint8Array) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", giveUp);
      const overtaken = [...running.keys()].filter((index) => winner !== undefined && index < winner);
      for (const controller of running.values()) controller.abort();
      running.clear();
      resolve({ faults, overtaken, ...(bytes && winner !== undefined && { bytes, winner }) });
    };
    const giveUp = () => end();
    const arrive = (index: number, outcome: Uint8Array | BlockFault) => {
      if (!running.delete(index)) return; // called back
      if (outcome instanceof Uint8Array) end(index, outcome);
      else {
        faults[index] = outcome;
        if (next < runners.length) start();
        else if (running.size === 0) end();
      }
    };
    const start = () => {
      const index = next++;
      const controller = new AbortController();
      running.set(index, controller);
      lastStart = lastByte = performance.now();
      const onBytes = () => (lastByte = performance.now());
      (runners[index] as Runner)(controller.signal, onBytes).then(
        (outcome) => arrive(index, outcome),
        (error: Error) => {
          reject(error);
          end();
        },
      );
      watch();
    };
    const watch = () => {
      clearTimeout(timer);
      if (next === runners.length) return;
      const now = performance.now();
      const patience = Math.min(delays.idle - (now - lastByte), delays.slow - (now - lastStart));
      if (patience <= 0) start();
      else timer = setTimeout(watch, Math.ceil(patience));
    };

    if (signal?.aborted || runners.length === 0) end();
    else {
      signal?.addEventListener("abort", giveUp);
      start();
    }
  });
}
