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
  const running = new Race(runners, delays);
  const giveUp = () => running.end();
  signal?.addEventListener("abort", giveUp);
  try {
    if (signal?.aborted || runners.length === 0) giveUp();
    else running.start();
    return await running.outcome;
  } finally {
    signal?.removeEventListener("abort", giveUp);
  }
}

class Race {
  readonly outcome: Promise<RaceOutcome>;
  readonly #runners: readonly Runner[];
  readonly #delays: HedgeDelays;
  readonly #running = new Map<number, AbortController>();
  readonly #faults: (BlockFault | undefined)[];
  #settle: { resolve: (outcome: RaceOutcome) => void; reject: (error: Error) => void };
  #next = 0;
  #lastStart = 0;
  #lastByte = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(runners: readonly Runner[], delays: HedgeDelays) {
    this.#runners = runners;
    this.#delays = delays;
    this.#faults = runners.map(() => undefined);
    const { promise, ...settle } = Promise.withResolvers<RaceOutcome>();
    this.outcome = promise;
    this.#settle = settle;
  }

  /** Sends the next runner. */
  start(): void {
    const index = this.#next++;
    const controller = new AbortController();
    this.#running.set(index, controller);
    this.#lastStart = this.#lastByte = performance.now();
    const onBytes = () => (this.#lastByte = performance.now());
    (this.#runners[index] as Runner)(controller.signal, onBytes).then(
      (outcome) => this.#arrive(index, outcome),
      (error: Error) => {
        this.#settle.reject(error);
        this.end();
      },
    );
    this.#watch();
  }

  /** Ends the race, with or without a winner. */
  end(winner?: number, bytes?: Uint8Array): void {
    clearTimeout(this.#timer);
    const overtaken = [...this.#running.keys()].filter((index) => winner !== undefined && index < winner);
    const left = [...this.#running.values()];
    this.#running.clear();
    for (const controller of left) controller.abort();
    const won = bytes && winner !== undefined && { bytes, winner };
    this.#settle.resolve({ faults: this.#faults, overtaken, ...won });
  }

  #arrive(index: number, outcome: Uint8Array | BlockFault): void {
    if (!this.#running.delete(index)) return; // called back
    if (outcome instanceof Uint8Array) this.end(index, outcome);
    else {
      this.#faults[index] = outcome;
      if (this.#next < this.#runners.length) this.start();
      else if (this.#running.size === 0) this.end();
    }
  }

  #watch(): void {
    clearTimeout(this.#timer);
    if (this.#next === this.#runners.length) return;
    const now = performance.now();
    const patience = Math.min(this.#delays.idle - (now - this.#lastByte), this.#delays.slow - (now - this.#lastStart));
    if (patience <= 0) this.start();
    else this.#timer = setTimeout(() => this.#watch(), Math.ceil(patience));
  }
}
