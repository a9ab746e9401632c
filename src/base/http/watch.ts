import { HttpFault } from "./http-fault.ts";

/** Looks after the time of one request, and keeps the first fault. */
export class Watch {
  /** Told of the fault, once. */
  onFault: (fault: HttpFault) => void = () => undefined;
  fault: HttpFault | undefined;
  readonly #total: NodeJS.Timeout | undefined;
  #step: NodeJS.Timeout | undefined;
  #stopped = false;

  /** @param total - milliseconds for all of it */
  constructor(total: number) {
    const late = () => this.fail(new HttpFault("unavailable", `took more than ${total / 1000} s`));
    this.#total = total === Infinity ? undefined : setTimeout(late, total);
  }

  /** Calls for something to happen within a time, instead of what was called for before. */
  expect(milliseconds: number, otherwise: string): void {
    this.rest();
    if (this.#stopped || milliseconds === Infinity) return;
    const late = () => this.fail(new HttpFault("unavailable", `${otherwise} for ${milliseconds / 1000} s`));
    this.#step = setTimeout(late, milliseconds);
  }

  /** Calls for nothing until the next {@link expect}; the time for all of it runs on. */
  rest(): void {
    clearTimeout(this.#step);
  }

  /** Ends the request. */
  fail(fault: HttpFault): void {
    if (this.#stopped || this.fault !== undefined) return;
    this.fault = fault;
    this.stop();
    this.onFault(fault);
  }

  stop(): void {
    this.#stopped = true;
    this.rest();
    clearTimeout(this.#total);
  }
}
