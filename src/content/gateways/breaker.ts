/** Failures in a row after which a gateway is asked last. */
const STRIKES = 3;

/** Remembers within one run how a gateway fared: those that fail are asked after all others. */
export class Breaker {
  #strikes = 0;
  #lied = false;

  /** True when the gateway is to be asked only where no other one helps. */
  get open(): boolean {
    return this.#lied || this.#strikes >= STRIKES;
  }

  /** It gave what was asked for. Who lied once is asked last all the same. */
  succeed(): void {
    this.#strikes = 0;
  }

  /** It failed, or another one was faster though asked later. @returns true when that opened the breaker */
  strike(): boolean {
    return !this.#lied && ++this.#strikes === STRIKES;
  }

  /** It answered something else than was asked for. @returns true the first time */
  lie(): boolean {
    const first = !this.#lied;
    this.#lied = true;
    return first;
  }
}
