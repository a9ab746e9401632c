import { digestLoneFile, digestLoneFileInThreads } from "./digest-lone-file.ts";
import { type FileDigest, LEAF_BYTES } from "./file-digester.ts";
import { type FileToHash, SINGLE_THREAD_MILLISECONDS, countPasses, estimateMilliseconds, planHashing } from "./plan.ts";
import type { ByteProgress } from "./steps.ts";
import { type SharedWork, shareTasks } from "./share-work.ts";
import { defaultThreads } from "../../base/worker-pool.ts";
import { hashHere, hashThere } from "./file-batch.ts";
import { HashThreads } from "./hash-threads.ts";

/** Options of {@link digestFiles}. */
export interface DigestFilesOptions {
  /** Also compute the digest of each MiB, for the CID. */
  readonly leaves?: boolean;
  readonly onBytes?: ByteProgress;
  /** Number of threads; else the machine's cores, at most eight, or this one alone for what takes no time. */
  readonly threads?: number;
}

/** Hashes files as {@link digestFiles} does, wherever. */
export type DigestFiles = (
  files: readonly FileToHash[],
  options: Pick<DigestFilesOptions, "leaves" | "onBytes">,
) => Promise<readonly FileDigest[]>;

// Of the whole, of the leaves, of the pieces.
const MAX_PASSES = 3;

/**
 * Hashes files with all cores and bounded memory, each read once.
 *
 * @returns a digest for each file, in the order of the files
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, `MODEL_CHANGED`; of the first file that fails
 */
export async function digestFiles(
  files: readonly FileToHash[],
  { leaves = false, onBytes = () => undefined, threads }: DigestFilesOptions = {},
): Promise<FileDigest[]> {
  const passes = countPasses(files, leaves);
  const isShort = threads === undefined && estimateMilliseconds(files, passes) < SINGLE_THREAD_MILLISECONDS;
  const lanes = isShort ? 1 : Math.max(1, threads ?? defaultThreads());
  const { batches, lone } = planHashing(files, lanes, passes);
  const pool = new HashThreads(lone !== undefined && passes > 1 ? Math.max(lanes - 1, MAX_PASSES) : lanes - 1);
  const digests = new Array<FileDigest>(files.length);
  const keep = (file: number, digest: FileDigest) => {
    digests[file] = digest;
  };
  try {
    await shareTasks(batches.length, pool, lanes - 1, onBytes, workOn(files, batches, leaves, pool, keep));
    const last = files[lone ?? files.length];
    if (lone !== undefined && last !== undefined) {
      const isFlat = passes === 1;
      keep(lone, await (isFlat ? digestLoneFile(last, onBytes) : digestLoneFileInThreads(last, leaves, pool, onBytes)));
    }
    return digests;
  } finally {
    await pool.close();
  }
}

function workOn(
  files: readonly FileToHash[],
  batches: readonly (readonly number[])[],
  leaves: boolean,
  pool: HashThreads,
  keep: (file: number, digest: FileDigest) => void,
): SharedWork {
  const buffer = Buffer.allocUnsafeSlow(LEAF_BYTES);
  const batchOf = (task: number) => ({ files: batches[task]?.map((file) => files[file] as FileToHash) ?? [], leaves });
  const keepAll = (task: number, digests: readonly FileDigest[]) => {
    batches[task]?.forEach((file, i) => keep(file, digests[i] as FileDigest));
  };
  return {
    here: async (task, turns) => keepAll(task, await hashHere(batchOf(task), buffer, turns)),
    there: async (thread, task, progress) => keepAll(task, await hashThere(batchOf(task), pool, thread, progress)),
  };
}
