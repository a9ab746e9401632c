import type { FileHandle } from "node:fs/promises";

interface Waiting {
  readonly bytes: Uint8Array;
  readonly written: PromiseWithResolvers<number>;
}

/**
 * Writes at the end of a file, one piece after the other whoever asks at the same time: the system may carry out writes
 * that are under way together in any order, and then what was noted of their places would be wrong. Pieces that wait for a
 * write that is under way are written together.
 */
export class AppendFile {
  readonly #file: FileHandle;
  #end: number;
  #waiting: Waiting[] = [];
  #failure: { readonly error: unknown } | undefined;
  #isWriting = false;

  /** @param end - bytes that are in the file, which is open for appending */
  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Writes a piece, once all before it are written. @returns where it stands in the file */
  async append(bytes: Uint8Array): Promise<number> {
    const written = Promise.withResolvers<number>();
    this.#waiting.push({ bytes, written });
    if (!this.#isWriting) void this.#write();
    return written.promise;
  }

  async #write(): Promise<void> {
    this.#isWriting = true;
    for (let pieces = this.#take(); pieces.length > 0; pieces = this.#take()) {
      try {
        // After a write that failed nothing is known of the end: every later one fails with it.
        if (this.#failure !== undefined) throw this.#failure.error;
        await this.#file.appendFile(Buffer.concat(pieces.map(({ bytes }) => bytes)));
        for (const { bytes, written } of pieces) {
          written.resolve(this.#end);
          this.#end += bytes.length;
        }
      } catch (error) {
        this.#failure ??= { error };
        for (const { written } of pieces) written.reject(error);
      }
    }
    this.#isWriting = false;
  }

  #take(): Waiting[] {
    return this.#waiting.splice(0);
  }
}
