/** How much of what one kind of request may take. */
export interface Limits {
  /** So many at a time; more are refused at once. */
  readonly atOnce: number;
  /** Milliseconds until the asker is told that it takes too long. What was asked keeps its place until it has ended. */
  readonly deadline: number;
  /** The largest answer in bytes. */
  readonly maxAnswer: number;
}

/** A request that is refused, with the status of the answer. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/**
 * Does work within limits. An asker who gives up frees nothing: a query that goes on in the database is still counted, so
 * that nobody gets more than their share by asking and leaving.
 *
 * @throws {Refusal} 429 where too much is under way, 504 after the deadline; what the work throws
 */
export class Gate {
  readonly #limits: Limits;
  #busy = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  get busy(): number {
    return this.#busy;
  }

  async pass<T>(work: () => Promise<T>): Promise<T> {
    const { atOnce, deadline } = this.#limits;
    if (this.#busy >= atOnce) throw new Refusal(429, "Too many such requests at once. Try again in a second.");
    this.#busy++;
    const working = work().finally(() => this.#busy--);
    const timer = Promise.withResolvers<never>();
    const timeout = setTimeout(() => timer.reject(new Refusal(504, `It took longer than ${deadline} ms.`)), deadline);
    // Where the deadline was first, nobody waits for the work, and its failure is nobody's.
    working.catch(() => undefined);
    try {
      return await Promise.race([working, timer.promise]);
    } finally {
      clearTimeout(timeout);
    }
  }
}
