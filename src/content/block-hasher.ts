import { hash } from "node:crypto";
import { WorkerPool, defaultThreads } from "../base/worker-pool.ts";
import type { BlocksReply, BlocksTask } from "./block-worker.ts";

// This thread is done with so much before another has started.
const HERE_BYTES = 64 * 1024 * 1024;
// Less is not worth a message.
const MIN_BYTES = 256 * 1024;

/**
 * Hashes blocks with all cores. What lies in shared memory (`SharedArrayBuffer`) is given to other threads as long as one
 * of them is free; everything else is hashed here.
 */
export class BlockHasher {
  readonly #threads: WorkerPool<BlocksTask, BlocksReply>;
  readonly #free: number[];
  #bytes = 0;

  /** @param threads - one for each core: this thread, which reads and writes, would keep both waiting (bench/README.md) */
  constructor(threads = defaultThreads()) {
    this.#threads = new WorkerPool(threads, new URL("./block-worker", import.meta.url));
    this.#free = Array.from({ length: threads }, (_, thread) => thread);
  }

  /** @returns the SHA-256 of each block: 32 bytes */
  async digest(blocks: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    const bytes = blocks.reduce((sum, { length }) => sum + length, 0);
    this.#bytes += bytes;
    const mayLeave = this.#bytes > HERE_BYTES && bytes >= MIN_BYTES && blocks.every(isShared);
    const thread = mayLeave ? this.#free.pop() : undefined;
    if (thread === undefined) return blocks.map((block) => hash("sha256", block, "buffer"));
    try {
      return (await this.#threads.run(thread, { kind: "blocks", blocks })).digests;
    } finally {
      this.#free.push(thread);
    }
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await this.#threads.close();
  }
}

function isShared({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer;
}
