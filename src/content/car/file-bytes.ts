import { allocatePages, copyBytes } from "../../base/direct-file.ts";
import { BufferPool } from "../buffer-pool.ts";
import { MAX_BLOCK_BYTES, MAX_FOREIGN_BLOCK_BYTES } from "../cid.ts";

// Between large blocks little is read twice; where blocks are small more and more is read by one call.
const FIRST_WINDOW_BYTES = 16 * 1024;
const MAX_WINDOW_BYTES = 4 * 1024 * 1024;
// Shorter blocks stay where they were read.
const LARGE_BYTES = 64 * 1024;

/** What bytes are read from: a file that is open (`FileHandle`), or anything that reads like one. */
export interface ReadableFile {
  read(buffer: Buffer, offset: number, length: number, position: number): Promise<{ readonly bytesRead: number }>;
}

/** The bytes of a file in their order, as the decoder of archives asks for them. */
export class FileBytes {
  /** The place of the next byte. */
  pos = 0;
  readonly #file: ReadableFile;
  readonly #pool: BufferPool | undefined;
  #window: Uint8Array = new Uint8Array();
  #start = 0;
  #windowBytes = FIRST_WINDOW_BYTES;

  /** @param shared - large blocks lie in memory that threads share, and stay until they are given back (`giveBack`) */
  constructor(file: ReadableFile, shared: boolean) {
    this.#file = file;
    this.#pool = shared ? new BufferPool(MAX_BLOCK_BYTES, allocatePages) : undefined;
  }

  /** The next bytes, fewer where the file ends. */
  async upTo(length: number): Promise<Uint8Array> {
    if (this.#left < length) {
      // What was cut from the last window may still be in use.
      const window = Buffer.allocUnsafeSlow(Math.max(length, this.#windowBytes));
      this.#windowBytes = Math.min(2 * this.#windowBytes, MAX_WINDOW_BYTES);
      this.#window = await this.#fill(window);
      this.#start = this.pos;
    }
    const from = this.pos - this.#start;
    return this.#window.subarray(from, from + length);
  }

  async exactly(length: number, seek = false): Promise<Uint8Array> {
    if (length > MAX_FOREIGN_BLOCK_BYTES) throw new Error(`${length} bytes are more than a block has`);
    const bytes = length < LARGE_BYTES ? await this.upTo(length) : await this.#large(length);
    if (bytes.length < length) throw new Error("it was cut short");
    if (seek) this.seek(length);
    return bytes;
  }

  /** Passes over bytes. */
  seek(length: number): void {
    if (length < 0 || !Number.isSafeInteger(this.pos + length))
      throw new Error("its data does not begin behind its header");
    this.pos += length;
  }

  get #left(): number {
    return Math.max(0, this.#start + this.#window.length - this.pos);
  }

  async #large(length: number): Promise<Uint8Array> {
    this.#windowBytes = FIRST_WINDOW_BYTES;
    const buffer = length <= MAX_BLOCK_BYTES ? this.#pool?.take() : undefined;
    const bytes = await this.#fill(buffer?.subarray(0, length) ?? Buffer.allocUnsafeSlow(length));
    if (buffer !== undefined) this.#pool?.lend(buffer, [bytes]);
    return bytes;
  }

  /** Fills a buffer from the next byte on. @returns the part that was filled */
  async #fill(buffer: Buffer): Promise<Buffer> {
    const from = this.pos - this.#start;
    let filled = this.#left > 0 ? this.#copy(buffer, from) : 0;
    while (filled < buffer.length) {
      const { bytesRead } = await this.#file.read(buffer, filled, buffer.length - filled, this.pos + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }

  #copy(buffer: Buffer, from: number): number {
    const known = this.#window.subarray(from, from + buffer.length);
    copyBytes(buffer, 0, known);
    return known.length;
  }
}
