import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../base/errors.ts";
import { fromHex } from "../base/bytes.ts";
import { LEAF_BYTES } from "../model/hashing/leaf-bytes.ts";
import type { Resource } from "../model/resource.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type BlockReader, findUnixfsFile, readLeafDigests, readVerified } from "../content/unixfs/read-dag.ts";
import type { FileComparison } from "./compare-resources.ts";
import { compareLeaves, compareSizes } from "./damage.ts";
import type { DamageFound } from "./comparison.ts";
import { type RecordedContent, parseRoot } from "./possible-roots.ts";
import { orElse, warns } from "./findings.ts";

/** Reads the leaf digests of recorded files: those of the first `size` bytes; undefined where they are not known. */
export type LeafReader = (resource: Resource, size: number) => Promise<Uint8Array | undefined>;

/** A file at hand. */
interface ListedFile {
  readonly name: string;
  readonly size: number;
}

/** Hashes each MiB of the first `size` bytes of a file. */
export type LeafDigest<File> = (file: File, size: number) => Promise<Uint8Array>;

/**
 * Opens the recorded leaves of a model. A file of one leaf has the leaf's digest; for longer files the model's CID leads to them,
 * through the linking blocks in the store.
 */
export function openRecordedLeaves(model: RecordedContent, store: BlockSource): LeafReader {
  const read = readVerified(store);
  const root = parseRoot(model);
  return async (resource, size) => {
    if (resource.size <= LEAF_BYTES) return fromHex(resource.sha256);
    return root && readRecorded(root, resource, size, read);
  };
}

async function readRecorded(root: CID, { name, size }: Resource, wantedBytes: number, read: BlockReader) {
  const file = await findUnixfsFile(root, name, read);
  if (file === undefined) {
    const text = `The recorded folder ${root.toString()} has no ${name}: record and CID contradict each other.`;
    throw new ProvenanceError("STORE_BLOCK_CORRUPT", text);
  }
  return readLeafDigests(file, size, Math.ceil(wantedBytes / LEAF_BYTES), read);
}

/**
 * Says of each differing file where it differs: by its length always, by ranges of MiB where its recorded leaves can be read.
 * Only the differing files are read again.
 *
 * @param digest - hashes each MiB of the first `size` bytes of a file: 32 bytes after 32 bytes
 * @throws {ProvenanceError} as `digest`
 */
export async function locateDamage<File extends ListedFile>(
  rows: readonly FileComparison[],
  files: readonly File[],
  readLeaves: LeafReader,
  digest: LeafDigest<File>,
): Promise<DamageFound> {
  const byName = new Map(files.map((file) => [file.name, file]));
  const located: FileComparison[] = [];
  const problems = new Set<string>();
  for (const row of rows) {
    const file = row.actual && byName.get(row.actual.name);
    const isDamaged = row.status === "mismatch" && file;
    const warn = (problem: string) => problems.add(problem);
    located.push(isDamaged ? await locateInFile(row, file, { readLeaves, digest, warn }) : row);
  }
  return { files: located, findings: [...problems].map((problem) => warns(problem)) };
}

interface Locating<File> {
  readonly readLeaves: LeafReader;
  readonly digest: LeafDigest<File>;
  readonly warn: (problem: string) => void;
}

async function locateInFile<File extends ListedFile>(
  row: FileComparison,
  file: File,
  { readLeaves, digest, warn }: Locating<File>,
) {
  const expected = row.expected as Resource;
  const size = Math.min(expected.size, file.size);
  const recorded = await orElse(async () => readLeaves(expected, size), warn);
  const lengths = compareSizes(expected.size, file.size);
  if (recorded === undefined) return { ...row, ...lengths };
  const damaged = compareLeaves(recorded, await digest(file, size), { expected: expected.size, actual: file.size });
  return { ...row, damaged, ...lengths };
}
