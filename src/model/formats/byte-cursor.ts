import { Buffer } from "buffer";
import type { ByteSource } from "./byte-source.ts";
import { invalidHeader } from "./header-error.ts";

const WINDOW_BYTES = 64 * 1024;

/** Reads a source from front to back through a small window; what is skipped is never read. */
export class ByteCursor {
  readonly #source: ByteSource;
  readonly #end: number;
  readonly #window: Buffer;
  #windowStart = 0;
  #windowLength = 0;
  /** Where the next byte is read, from the start of the source. */
  position: number;

  /** @param end - the cursor refuses to read or skip beyond it */
  constructor(source: ByteSource, position = 0, end = source.size) {
    this.#source = source;
    this.#end = end;
    this.#window = Buffer.alloc(Math.min(WINDOW_BYTES, source.size));
    this.position = position;
  }

  /** Bytes left up to the end. */
  get left(): number {
    return this.#end - this.position;
  }

  /**
   * Takes the next bytes. They are valid until the next call.
   *
   * @throws {ProvenanceError} `MODEL_HEADER_INVALID` if there are not as many
   */
  async take(length: number): Promise<Buffer> {
    this.#assertLeft(length);
    const bytes = await this.#view(length);
    this.position += length;
    return bytes;
  }

  /** Shows the next bytes without taking them, as many as there are up to a length. */
  async peek(length: number): Promise<Buffer> {
    return this.#view(Math.min(length, this.left));
  }

  /** Skips bytes without reading them. @throws {ProvenanceError} `MODEL_HEADER_INVALID` if there are not as many */
  skip(length: number | bigint): void {
    this.#assertLeft(length);
    this.position += Number(length);
  }

  async uint32(): Promise<number> {
    return (await this.take(4)).readUInt32LE();
  }

  async uint64(): Promise<bigint> {
    return (await this.take(8)).readBigUInt64LE();
  }

  #assertLeft(length: number | bigint): void {
    if (length > this.left) {
      throw invalidHeader(`${length} bytes are claimed at byte ${this.position}, but only ${this.left} follow`);
    }
  }

  async #view(length: number): Promise<Buffer> {
    if (length > this.#window.length) {
      const bytes = Buffer.alloc(length);
      await this.#source.read(bytes, this.position);
      return bytes;
    }
    if (this.position < this.#windowStart || this.position + length > this.#windowStart + this.#windowLength) {
      await this.#fill();
    }
    const from = this.position - this.#windowStart;
    return this.#window.subarray(from, from + length);
  }

  async #fill(): Promise<void> {
    this.#windowStart = this.position;
    this.#windowLength = Math.min(this.#window.length, this.#source.size - this.position);
    await this.#source.read(this.#window.subarray(0, this.#windowLength), this.position);
  }
}
