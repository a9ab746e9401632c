// A thread that hashes blocks which lie in shared memory.
import { hash } from "node:crypto";
import { parentPort } from "node:worker_threads";
import { type WorkerFailure, toWorkerFailure } from "../base/worker-pool.ts";

/** Blocks to hash: each in shared memory, where nobody writes meanwhile. */
export interface BlocksTask {
  readonly kind: "blocks";
  readonly blocks: readonly Uint8Array[];
}

/** Their SHA-256, 32 bytes each. */
export interface BlocksReply {
  readonly kind: "blocks";
  readonly digests: readonly Uint8Array[];
}

parentPort?.on("message", (task: BlocksTask) => {
  parentPort?.postMessage(run(task));
});

function run({ blocks }: BlocksTask): BlocksReply | WorkerFailure {
  try {
    return { kind: "blocks", digests: blocks.map((block) => hash("sha256", block, "buffer")) };
  } catch (error) {
    return toWorkerFailure(error);
  }
}
