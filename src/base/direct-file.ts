import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Flusher } from "./flush.ts";

/** What is written past the page cache begins in memory and in the file at a multiple of this, and has as many bytes. */
export const PAGE_BYTES = 4096;

// Not every file system can do it, and one says so with the first write alone.
const CANNOT = new Set(["EINVAL", "ENOTSUP", "EOPNOTSUPP"]);
// Linux alone has it.
const O_DIRECT = (constants as Partial<typeof constants>).O_DIRECT ?? 0;

/** Memory that begins with a page, as {@link DirectFile} needs it, and that threads share. @param bytes - whole pages */
export function allocatePages(bytes: number): Buffer<SharedArrayBuffer> {
  // Memory that could grow is reserved from the system, in pages; other memory begins anywhere.
  return Buffer.from(new SharedArrayBuffer(bytes, { maxByteLength: bytes }));
}

/** Copies bytes, as fast where threads share the memory: there `set` takes 300 ms for a GiB, and this 25 (bench/README.md). */
export function copyBytes(target: Buffer, at: number, { buffer, byteOffset, length }: Uint8Array): void {
  Buffer.from(buffer).copy(target, at, byteOffset, byteOffset + length);
}

/** Tells whether bytes are whole pages of `allocatePages`. */
export function arePages({ buffer, byteOffset, length }: Uint8Array): boolean {
  const isOurs = buffer instanceof SharedArrayBuffer && buffer.growable;
  return isOurs && length > 0 && byteOffset % PAGE_BYTES === 0 && length % PAGE_BYTES === 0;
}

/**
 * A file that is written by large writes which pass by the page cache, where the file system allows it: the system finds
 * no new memory for what nobody is about to read, and nothing waits to be brought to the disk in the end
 * (bench/README.md). Elsewhere it is written as any file. It makes nothing durable by itself: whoever opened the file
 * syncs it.
 */
export class DirectFile {
  readonly #file: FileHandle;
  readonly #flusher: Flusher;
  #direct: FileHandle | undefined;
  #end = 0;
  #isPadded = false;

  private constructor(file: FileHandle, direct: FileHandle | undefined) {
    this.#file = file;
    this.#flusher = new Flusher(file);
    this.#direct = direct;
  }

  /** @param path - of the same file, which is open for writing already */
  static async open(file: FileHandle, path: string): Promise<DirectFile> {
    if (O_DIRECT === 0) return new DirectFile(file, undefined);
    const direct = await open(path, constants.O_WRONLY | constants.O_NOFOLLOW | O_DIRECT).catch(() => undefined);
    return new DirectFile(file, direct);
  }

  /**
   * Writes the beginning of a buffer. Several may be under way.
   *
   * @param buffer - of `allocatePages`; left as it is until this is done. What stands behind `length` in its last page is
   *   written as well, and cut off by {@link close}
   * @param length - whole pages, but for the end of the file
   * @param position - whole pages
   * @throws the error of the file system
   */
  async write(buffer: Uint8Array, length: number, position: number): Promise<void> {
    this.#end = Math.max(this.#end, position + length);
    const written = await this.#writeDirect(buffer, length, position);
    if (written < length) await this.#writePlain(buffer, written, length, position);
  }

  /** Gives the file the length that was written. @throws the error of the file system */
  async close(): Promise<void> {
    try {
      if (this.#isPadded) await this.#file.truncate(this.#end);
      await this.#flusher.end();
    } finally {
      await this.#direct?.close();
    }
  }

  /** @returns how many of the bytes were written */
  async #writeDirect(buffer: Uint8Array, length: number, position: number): Promise<number> {
    const padded = Math.ceil(length / PAGE_BYTES) * PAGE_BYTES;
    let written = 0;
    while (this.#direct !== undefined && written < length) {
      try {
        const { bytesWritten } = await this.#direct.write(buffer, written, padded - written, position + written);
        written += bytesWritten;
      } catch (error) {
        if (!CANNOT.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
        break;
      }
    }
    if (written > length) this.#isPadded = true;
    return written;
  }

  async #writePlain(buffer: Uint8Array, start: number, length: number, position: number): Promise<void> {
    for (let written = start; written < length;) {
      const { bytesWritten } = await this.#file.write(buffer, written, length - written, position + written);
      written += bytesWritten;
      this.#flusher.wrote(bytesWritten);
    }
  }
}
