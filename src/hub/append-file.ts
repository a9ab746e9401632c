import type { FileHandle } from "node:fs/promises";

/**
 * Writes at the end of a file, one piece after the other whoever asks at the same time: the system may carry out writes
 * that are under way together in any order, and then what was noted of their places would be wrong.
 */
export class AppendFile {
  readonly #file: FileHandle;
  #end: number;
  #last: Promise<unknown> = Promise.resolve();

  /** @param end - bytes that are in the file, which is open for appending */
  constructor(file: FileHandle, end: number) {
    this.#file = file;
    this.#end = end;
  }

  /** Writes a piece, once all before it are written. @returns where it stands in the file */
  async append(bytes: Uint8Array): Promise<number> {
    const written = this.#last.then(async () => {
      await this.#file.appendFile(bytes);
      const place = this.#end;
      this.#end += bytes.length;
      return place;
    });
    // After a write that failed nothing is known of the end: every later one fails with it.
    this.#last = written;
    written.catch(() => undefined);
    return written;
  }
}
