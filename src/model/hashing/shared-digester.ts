import { defaultThreads } from "../../base/worker-pool.ts";
import type { DigestFiles } from "./digest-files.ts";
import { type FileDigest, LEAF_BYTES } from "./file-digester.ts";
import { type FileBatch, hashHere, hashThere } from "./file-batch.ts";
import { HashThreads } from "./hash-threads.ts";
import { type FileToHash, SINGLE_THREAD_MILLISECONDS, countPasses, estimateMilliseconds, planHashing } from "./plan.ts";
import { Turns } from "./share-work.ts";
import type { ByteProgress } from "./steps.ts";

/** A batch of somebody's files that waits for a lane: this thread is one, each of the pool another. */
interface WaitingBatch extends FileBatch {
  readonly milliseconds: number;
  readonly turns: Turns;
  readonly onBytes: ByteProgress;
  readonly resolve: (digests: FileDigest[]) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Hashes for several models at once with the same threads: where one has a single file, which one core hashes, the others
 * take those of the next models.
 */
export class SharedDigester {
  readonly #pool: HashThreads;
  readonly #idle: number[];
  readonly #buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
  readonly #waiting: WaitingBatch[] = [];
  #isFreeHere = true;
  /** What is waiting and under way would take one thread so long. */
  #milliseconds = 0;

  /** @param lanes - how many batches are hashed at a time */
  constructor(lanes = defaultThreads()) {
    this.#pool = new HashThreads(lanes - 1);
    this.#idle = Array.from({ length: lanes - 1 }, (_, i) => i);
  }

  /** As `digestFiles`; what fails ends the work on these files, and on no others. */
  readonly digest: DigestFiles = async (files, { leaves = false, onBytes = () => undefined }) => {
    const passes = countPasses(files, leaves);
    const { batches } = planHashing(files, 1, passes);
    const common = { leaves, onBytes, turns: new Turns(onBytes) };
    const digests = new Array<FileDigest>(files.length);
    const work = batches.map(async (indices) => {
      const batch = indices.map((i) => files[i] as FileToHash);
      const found = await this.#enqueue({ ...common, files: batch, milliseconds: estimateMilliseconds(batch, passes) });
      indices.forEach((file, i) => (digests[file] = found[i] as FileDigest));
    });
    await Promise.all(work).catch(async (error: unknown) => {
      common.turns.stop();
      await Promise.allSettled(work);
      throw error;
    });
    return digests;
  };

  /** Ends the threads. */
  readonly close = async (): Promise<void> => this.#pool.close();

  async #enqueue(batch: Omit<WaitingBatch, "resolve" | "reject">): Promise<FileDigest[]> {
    this.#milliseconds += batch.milliseconds;
    return new Promise<FileDigest[]>((resolve, reject) => {
      this.#waiting.push({ ...batch, resolve, reject });
      this.#begin();
    });
  }

  /** Begins what there is a lane for: other threads are started for what takes longer than to start them. */
  #begin(): void {
    for (let batch = this.#waiting[0]; batch !== undefined; batch = this.#waiting[0]) {
      const isWorthwhile = this.#milliseconds >= SINGLE_THREAD_MILLISECONDS;
      const thread = this.#isFreeHere || !isWorthwhile ? undefined : this.#idle.pop();
      if (!this.#isFreeHere && thread === undefined) return;
      this.#waiting.shift();
      void (thread === undefined ? this.#runHere(batch) : this.#runThere(batch, thread));
    }
  }

  async #runHere(batch: WaitingBatch): Promise<void> {
    this.#isFreeHere = false;
    await this.#settle(batch, async () => hashHere(batch, this.#buffer, batch.turns));
    this.#isFreeHere = true;
    this.#begin();
  }

  async #runThere(batch: WaitingBatch, thread: number): Promise<void> {
    await this.#settle(batch, async () => {
      const digests = await hashThere(batch, this.#pool, thread, new BigInt64Array(1));
      batch.onBytes(digests.reduce((sum, { size }) => sum + size, 0));
      return digests;
    });
    this.#idle.push(thread);
    this.#begin();
  }

  async #settle(batch: WaitingBatch, hash: () => Promise<FileDigest[]>): Promise<void> {
    try {
      if (batch.turns.stopped) throw new Error("Another file of the model failed.");
      batch.resolve(await hash());
    } catch (error) {
      batch.reject(error);
    }
    this.#milliseconds -= batch.milliseconds;
  }
}
