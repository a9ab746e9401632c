import type { FileHandle } from "node:fs/promises";

// Enough for the disk to work on while more is made.
const FLUSH_BYTES = 32 * 1024 * 1024;

/**
 * Brings what is written to a file to the disk while more is written: what is left to wait for at the end is little
 * (bench/README.md). It makes nothing durable by itself: the file is synced at its end as ever.
 */
export class Flusher {
  readonly #file: FileHandle;
  #waiting = 0;
  #flushing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Says that so many bytes were written. */
  wrote(bytes: number): void {
    this.#waiting += bytes;
    if (this.#waiting < FLUSH_BYTES || this.#flushing !== undefined) return;
    this.#waiting = 0;
    this.#flushing = this.#file
      .datasync()
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => (this.#flushing = undefined));
  }

  /** Waits until nothing is under way. @throws the error of the disk, which says it once alone */
  async end(): Promise<void> {
    await this.#flushing;
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}
