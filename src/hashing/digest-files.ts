import { availableParallelism } from "node:os";
import { setImmediate as yieldToEvents } from "node:timers/promises";
import { digestLoneFile, digestLoneFileWithLeaves } from "./digest-lone-file.ts";
import { type FileDigest, LEAF_BYTES, digestFileSync } from "./digest-sync.ts";
import { type FileToHash, planHashing } from "./plan.ts";
import { WorkerPool } from "./worker-pool.ts";

/** Called with the number of bytes read since the last call. */
export type ByteProgress = (bytes: number) => void;

/** Options of {@link digestFiles}. */
export interface DigestFilesOptions {
  /** Also compute the digest of each MiB, for the CID. */
  readonly leaves?: boolean;
  readonly onBytes?: ByteProgress;
  /** Number of threads; when it is left out the machine's cores, or none beside this one for what takes no time. */
  readonly threads?: number;
}

// What one thread does in this time is done before others are started and their code is warm: hashing 20 000
// files of 4 KiB took 155 ms here and 450 ms in two threads (bench/README.md).
const SINGLE_THREAD_MILLISECONDS = 300;
const BYTES_PER_MILLISECOND = 1_700_000;
const MILLISECONDS_PER_FILE = 0.007;
// Signals and timers get their turn after so many bytes.
const YIELD_BYTES = 32 * 1024 * 1024;
const PROGRESS_MILLISECONDS = 100;

/**
 * Hashes files with all cores and bounded memory, each read once.
 *
 * @returns a digest for each file, in the order of the files
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`; of the first file that fails
 */
export async function digestFiles(
  files: readonly FileToHash[],
  options: DigestFilesOptions = {},
): Promise<FileDigest[]> {
  const bytes = files.reduce((sum, { size }) => sum + size, 0) * (options.leaves ? 2 : 1);
  const estimate = bytes / BYTES_PER_MILLISECOND + files.length * MILLISECONDS_PER_FILE;
  const threads = options.threads ?? availableParallelism();
  const here = threads < 2 || (options.threads === undefined && estimate < SINGLE_THREAD_MILLISECONDS);
  return here ? digestHere(files, options) : digestInThreads(files, options, threads);
}

async function digestHere(files: readonly FileToHash[], { leaves = false, onBytes }: DigestFilesOptions) {
  const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
  const digests: FileDigest[] = [];
  let sinceYield = 0;
  for (const file of files) {
    digests.push(digestFileSync(file, leaves, buffer, onBytes));
    sinceYield += file.size;
    if (sinceYield > YIELD_BYTES) {
      await yieldToEvents();
      sinceYield = 0;
    }
  }
  return digests;
}

async function digestInThreads(files: readonly FileToHash[], options: DigestFilesOptions, threads: number) {
  const { leaves = false, onBytes = () => undefined } = options;
  const plan = planHashing(files, threads, leaves);
  const digests = new Array<FileDigest>(files.length);
  const poolNeeded = plan.batches.length > 0 || leaves;
  const pool = new WorkerPool(poolNeeded ? threads : 0);
  try {
    await runBatches(pool, plan.batches, files, leaves, onBytes, digests);
    if (plan.lone !== undefined) {
      const file = files[plan.lone] as FileToHash;
      digests[plan.lone] = leaves
        ? await digestLoneFileWithLeaves(file, pool, onBytes)
        : await digestLoneFile(file, onBytes);
    }
    return digests;
  } finally {
    await pool.close();
  }
}

async function runBatches(
  pool: WorkerPool,
  batches: readonly (readonly number[])[],
  files: readonly FileToHash[],
  leaves: boolean,
  onBytes: ByteProgress,
  digests: FileDigest[],
): Promise<void> {
  const progress = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  const report = () => {
    const bytes = Number(Atomics.exchange(progress, 0, 0n));
    if (bytes > 0) onBytes(bytes);
  };
  const timer = setInterval(report, PROGRESS_MILLISECONDS);
  let next = 0;
  const work = async (index: number) => {
    for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
      const task = batch.map((file) => files[file] as FileToHash);
      const reply = await pool.run(index, { kind: "files", files: task, leaves, progress });
      batch.forEach((file, i) => (digests[file] = reply.digests[i] as FileDigest));
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(pool.size, batches.length) }, async (_, index) => work(index)));
  } finally {
    clearInterval(timer);
    report();
  }
}
