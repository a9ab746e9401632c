import { HashThreads } from "./hash-threads.ts";

// So much goes to the thread in one message.
const MESSAGE_BYTES = 4 * 1024 * 1024;
// So many messages may wait for the thread: more would hold memory, fewer leave it idle.
const MESSAGES = 3;

/**
 * Computes the SHA-256 of files whose bytes somebody else reads, one file after the other, in a thread of its own. Bytes
 * in shared memory (`allocatePages`) are not copied.
 */
export class FlatHasher {
  readonly #thread = new HashThreads(1);
  readonly #onDone: (bytes: Uint8Array) => void;
  #waiting: Uint8Array[] = [];
  #bytes = 0;
  // One after the other: a thread has one task at a time.
  #last: Promise<unknown> = Promise.resolve();
  readonly #messages: Promise<unknown>[] = [];

  /** @param onDone - called with the bytes of each `update`, once they are no longer read here */
  constructor(onDone: (bytes: Uint8Array) => void) {
    this.#onDone = onDone;
  }

  /** Takes the next bytes of a file, which stay as they are until they are done. Waits where the thread is behind. */
  async update(bytes: Uint8Array): Promise<void> {
    this.#waiting.push(bytes);
    this.#bytes += bytes.length;
    if (this.#bytes < MESSAGE_BYTES) return;
    this.#messages.push(this.#send());
    if (this.#messages.length > MESSAGES) await this.#messages.shift();
  }

  /** Ends a file. @returns its digest, 64 hex digits; the bytes of the next file may follow at once */
  async digest(): Promise<string> {
    const [, { sha256 }] = await Promise.all([
      this.#send(),
      this.#enqueue(async () => this.#thread.run(0, { kind: "flat end" })),
    ]);
    return sha256;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    await this.#thread.close();
  }

  #send(): Promise<void> {
    const parts = this.#waiting;
    this.#waiting = [];
    this.#bytes = 0;
    return this.#enqueue(async () => {
      if (parts.length > 0) await this.#thread.run(0, { kind: "flat", parts });
      for (const part of parts) this.#onDone(part);
    });
  }

  #enqueue<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    result.catch(() => undefined); // said by the next update that waits, or by the digest
    this.#last = result;
    return result;
  }
}
