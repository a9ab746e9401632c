import { randomBytes } from "node:crypto";

const MAX_NONCES = 100_000;
const NONCE_BYTES = 16;

/** Words that were handed out and may each be used once, within a time. Kept in memory: a restart forgets them all. */
export class Nonces {
  readonly #expiries = new Map<string, number>();
  readonly #lifetime: number;
  readonly #now: () => number;

  /** @param lifetime - in milliseconds, as `now` */
  constructor(lifetime: number, now: () => number) {
    this.#lifetime = lifetime;
    this.#now = now;
  }

  /** @returns 32 hex digits, and until when they may be used in milliseconds of Unix time */
  issue(): { nonce: string; expiresAt: number } {
    this.#makeRoom();
    const nonce = randomBytes(NONCE_BYTES).toString("hex");
    const expiresAt = this.#now() + this.#lifetime;
    this.#expiries.set(nonce, expiresAt);
    return { nonce, expiresAt };
  }

  /** Uses a nonce up. @returns false if it was never issued, was used before, or is too old */
  consume(nonce: string): boolean {
    const expiresAt = this.#expiries.get(nonce);
    this.#expiries.delete(nonce);
    return expiresAt !== undefined && expiresAt > this.#now();
  }

  // The oldest stand first, for all live equally long.
  #makeRoom(): void {
    for (const [nonce, expiresAt] of this.#expiries) {
      if (expiresAt > this.#now() && this.#expiries.size < MAX_NONCES) return;
      this.#expiries.delete(nonce);
    }
  }
}
