import type { FileHandle } from "node:fs/promises";
import { DirectFile, allocatePages, copyBytes } from "./direct-file.ts";

// One call writes so much, and so many are under way or being filled (bench/README.md).
const BUFFER_BYTES = 4 * 1024 * 1024;
const BUFFERS = 4;

/** Writes a long file from its first byte to its last: what is appended is gathered while what came before is written. */
export class LongFile {
  readonly #file: FileHandle;
  readonly #path: string;
  #target: Promise<DirectFile> | undefined;
  readonly #free: Buffer[] = [];
  readonly #writing: Promise<void>[] = [];
  #buffer: Buffer | undefined;
  #filled = 0;
  #position = 0;

  /**
   * @param file - empty, and open for writing; its owner syncs it
   * @param path - of the same file
   */
  constructor(file: FileHandle, path: string) {
    this.#file = file;
    this.#path = path;
  }

  /** Bytes that were appended so far. */
  get size(): number {
    return this.#position + this.#filled;
  }

  /** Takes a copy of bytes. Waits where the disk is behind. @throws the error of the file system */
  async append(bytes: Uint8Array): Promise<void> {
    for (let taken = 0; taken < bytes.length;) {
      this.#buffer ??= await this.#nextBuffer();
      const part = bytes.subarray(taken, taken + BUFFER_BYTES - this.#filled);
      copyBytes(this.#buffer, this.#filled, part);
      this.#filled += part.length;
      taken += part.length;
      if (this.#filled === BUFFER_BYTES) this.#write(this.#buffer);
    }
  }

  /** Writes what is left. Nothing is under way afterwards, whatever became of it. @throws the error of the file system */
  async end(): Promise<void> {
    if (this.#buffer !== undefined && this.#filled > 0) this.#write(this.#buffer);
    const results = await Promise.allSettled(this.#writing);
    await (await this.#target)?.close();
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  async #nextBuffer(): Promise<Buffer> {
    if (this.#writing.length >= BUFFERS - 1) await this.#writing.shift();
    return this.#free.pop() ?? allocatePages(BUFFER_BYTES);
  }

  #write(buffer: Buffer): void {
    const [length, position] = [this.#filled, this.#position];
    this.#target ??= DirectFile.open(this.#file, this.#path);
    const writing = this.#target
      .then(async (target) => target.write(buffer, length, position))
      .then(() => void this.#free.push(buffer));
    writing.catch(() => undefined); // said by the next append, or at the end
    this.#writing.push(writing);
    this.#buffer = undefined;
    this.#position += length;
    this.#filled = 0;
  }
}
