import { digestInSteps } from "./digest-sync.ts";
import type { FileDigest } from "./file-digester.ts";
import type { HashThreads } from "./hash-threads.ts";
import type { FileToHash } from "./plan.ts";
import { type Turns, inTurns } from "./share-work.ts";

/** Files that are hashed one after the other. */
export interface FileBatch {
  readonly files: readonly FileToHash[];
  /** Also compute the digest of each MiB. */
  readonly leaves: boolean;
}

/** Hashes a batch on this thread, in turns with whatever else happens on it. @param buffer - at least 1 MiB */
export async function hashHere({ files, leaves }: FileBatch, buffer: Buffer, turns: Turns): Promise<FileDigest[]> {
  const digests: FileDigest[] = [];
  for (const file of files) {
    const digest = await inTurns(digestInSteps(file, leaves, buffer), turns);
    digests.push(leaves ? withOnlyLeaf(digest) : digest);
  }
  return digests;
}

/** Hashes a batch in a thread of a pool. @param progress - where the thread adds the bytes it read */
export async function hashThere(
  { files, leaves }: FileBatch,
  pool: HashThreads,
  thread: number,
  progress: BigInt64Array,
): Promise<FileDigest[]> {
  const { digests } = await pool.run(thread, { kind: "files", files: files.map(toTask), leaves, progress });
  return digests.map((digest) => (leaves ? withOnlyLeaf(digest) : digest));
}

/** The one leaf of a small file has the file's digest. Many such buffers share their memory. */
function withOnlyLeaf(digest: FileDigest): FileDigest {
  return digest.leafDigests === undefined ? { ...digest, leafDigests: Buffer.from(digest.sha256, "hex") } : digest;
}

/** What a thread is told of a file: it gets a copy, in which a getter would be lost. */
function toTask({ path, size, identity, pieces }: FileToHash): FileToHash {
  return { path, size, ...(identity && { identity }), ...(pieces && { pieces }) };
}
