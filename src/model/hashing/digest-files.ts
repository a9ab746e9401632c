import { digestLoneFile, digestLoneFileInThreads } from "./digest-lone-file.ts";
import { digestInSteps } from "./digest-sync.ts";
import { type FileDigest, LEAF_BYTES } from "./file-digester.ts";
import { type FileToHash, estimateMilliseconds, planHashing } from "./plan.ts";
import type { ByteProgress } from "./steps.ts";
import { type SharedWork, inTurns, shareTasks } from "./share-work.ts";
import { defaultThreads } from "../../base/worker-pool.ts";
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

// What one thread does in this time is done before others are started and their code is warm: hashing 20 000
// files of 4 KiB took 155 ms here and 450 ms in two threads (bench/README.md).
const SINGLE_THREAD_MILLISECONDS = 300;
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
  const passes = 1 + (leaves ? 1 : 0) + (files.some(({ pieces }) => pieces !== undefined) ? 1 : 0);
  const isShort = threads === undefined && estimateMilliseconds(files, passes) < SINGLE_THREAD_MILLISECONDS;
  const lanes = isShort ? 1 : Math.max(1, threads ?? defaultThreads());
  const { batches, lone } = planHashing(files, lanes, passes);
  const pool = new HashThreads(lone !== undefined && passes > 1 ? Math.max(lanes - 1, MAX_PASSES) : lanes - 1);
  const digests = new Array<FileDigest>(files.length);
  const keep = (file: number, digest: FileDigest) => {
    digests[file] = leaves && digest.leafDigests === undefined ? withOnlyLeaf(digest) : digest;
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
  const filesOf = (batch: number) => batches[batch] as readonly number[];
  return {
    here: async (batch, turns) => {
      for (const file of filesOf(batch)) {
        keep(file, await inTurns(digestInSteps(files[file] as FileToHash, leaves, buffer), turns));
      }
    },
    there: async (thread, batch, progress) => {
      const task = filesOf(batch).map((file) => toTask(files[file] as FileToHash));
      const reply = await pool.run(thread, { kind: "files", files: task, leaves, progress });
      filesOf(batch).forEach((file, i) => keep(file, reply.digests[i] as FileDigest));
    },
  };
}

/** The one leaf of a small file has the file's digest. Many such buffers share their memory. */
function withOnlyLeaf(digest: FileDigest): FileDigest {
  return { ...digest, leafDigests: Buffer.from(digest.sha256, "hex") };
}

/** What a thread is told of a file: it gets a copy, in which a getter would be lost. */
function toTask({ path, size, identity, pieces }: FileToHash): FileToHash {
  return { path, size, ...(identity && { identity }), ...(pieces && { pieces }) };
}
