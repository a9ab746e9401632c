import type { ReadReply, ReadTask } from "./read-worker.ts";

// So much is read ahead of what is hashed: larger pieces took longer, smaller ones more messages (bench/README.md).
const PIECE_BYTES = 2 * 1024 * 1024;
const PIECES = 4;

/** Reads files in a worker, one after the other, ahead of who takes the pieces: who hashes cannot read meanwhile. */
export class ReadAhead {
  readonly #worker = new Worker(new URL("./read-worker.ts", import.meta.url), { type: "module" });
  readonly #waiting: ((reply: ReadReply) => void)[] = [];
  readonly #free = Array.from({ length: PIECES }, () => new ArrayBuffer(PIECE_BYTES));

  constructor() {
    this.#worker.onmessage = ({ data }: MessageEvent<ReadReply>) => this.#waiting.shift()?.(data);
    this.#worker.onerror = () => this.#waiting.shift()?.({ kind: "failed", name: "WorkerError" });
  }

  /**
   * The pieces of a file in their order; a piece is there until the next one is asked for.
   *
   * @throws an error with the name of the browser's; `NotReadableError` where the file is not as long as it was
   */
  async *pieces(file: Blob): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    const reading: Promise<ReadReply>[] = [];
    const bytesAt = (at: number) => Math.min(PIECE_BYTES, file.size - at);
    let asked = 0;
    for (let at = 0; at < file.size; at += PIECE_BYTES) {
      for (; asked < file.size && this.#free.length > 0; asked += PIECE_BYTES) {
        reading.push(this.#ask({ file, at: asked, bytes: bytesAt(asked), buffer: this.#free.pop() as ArrayBuffer }));
      }
      const reply = (await reading.shift()) as ReadReply;
      if (reply.kind === "failed") throw named(reply.name);
      if (reply.bytes !== bytesAt(at)) throw named("NotReadableError");
      yield new Uint8Array(reply.buffer, 0, reply.bytes);
      const isWhole = reply.buffer.byteLength === PIECE_BYTES;
      this.#free.push(isWhole ? reply.buffer : new ArrayBuffer(PIECE_BYTES));
    }
  }

  async #ask(task: ReadTask): Promise<ReadReply> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#worker.postMessage(task, [task.buffer]);
    });
  }
}

function named(name: string): Error {
  return Object.assign(new Error(`A file cannot be read (${name}).`), { name });
}
