import { WorkerPool } from "../../base/worker-pool.ts";
import type { HashTask, WorkerReply } from "./hash-worker.ts";

/** Threads that hash files. */
export class HashThreads extends WorkerPool<HashTask, WorkerReply> {
  constructor(size: number) {
    super(size, new URL("./hash-worker", import.meta.url));
  }
}
