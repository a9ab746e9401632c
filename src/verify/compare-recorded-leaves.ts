import { ProvenanceError } from "../base/errors.ts";
import { digestLeaves } from "../model/hashing/digest-leaves.ts";
import type { ResourceWithLeaves } from "../model/model-cid.ts";
import { type Resource, compareNames } from "../model/resource.ts";
import type { ModelFile, ModelListing } from "../model/walk.ts";
import type { FileComparison } from "./compare-resources.ts";
import { compareLeaves, compareSizes } from "./damage.ts";
import type { LeafReader } from "./locate-damage.ts";

interface HashedFile {
  readonly file: ModelFile;
  readonly leafDigests: Uint8Array;
}

/**
 * Compares the leaves of all files with the recorded ones, in name order. Only a file that is longer than recorded is
 * read again, at its recorded end.
 *
 * @throws {ProvenanceError} as the reader of the recorded leaves, and as {@link digestLeaves}
 */
export async function compareRecordedLeaves(
  expected: readonly Resource[],
  { files, kind }: ModelListing,
  withLeaves: readonly ResourceWithLeaves[],
  readLeaves: LeafReader,
): Promise<FileComparison[]> {
  const single = kind === "file" && expected.length === 1;
  const found = new Map<string, HashedFile>();
  files.forEach((file, i) => {
    const name = single ? (expected[0] as Resource).name : file.name;
    found.set(name, { file, leafDigests: (withLeaves[i] as ResourceWithLeaves).leafDigests });
  });
  const rows: FileComparison[] = [];
  for (const resource of expected) {
    const hashed = found.get(resource.name);
    found.delete(resource.name);
    if (hashed === undefined) rows.push({ name: resource.name, status: "missing", expected: resource });
    else rows.push(await compareFile(resource, hashed, readLeaves));
  }
  for (const [name, { file }] of found) rows.push({ name, status: "extra", actual: { name, size: file.size } });
  return (await pairRenamed(rows, found, readLeaves)).sort((a, b) => compareNames(a.name, b.name));
}

async function compareFile(expected: Resource, hashed: HashedFile, readLeaves: LeafReader): Promise<FileComparison> {
  const { file } = hashed;
  const size = Math.min(expected.size, file.size);
  const recorded = await readKnown(expected, size, readLeaves);
  const leaves = file.size > expected.size ? await digestStart(file, size) : hashed.leafDigests;
  const damaged = compareLeaves(recorded, leaves, { expected: expected.size, actual: file.size });
  const row = { name: expected.name, expected, actual: { name: file.name, size: file.size } };
  if (damaged.length === 0 && file.size === expected.size) return { ...row, status: "ok" };
  return { ...row, status: "mismatch", damaged, ...compareSizes(expected.size, file.size) };
}

async function readKnown(expected: Resource, size: number, readLeaves: LeafReader): Promise<Uint8Array> {
  const recorded = await readLeaves(expected, size);
  if (recorded !== undefined) return recorded;
  throw new ProvenanceError("STORE_BLOCK_MISSING", `The recorded leaves of ${expected.name} are not known.`);
}

async function digestStart({ path, identity }: ModelFile, size: number): Promise<Uint8Array> {
  const [leaves] = await digestLeaves([{ path, identity, size }]);
  return leaves as Uint8Array;
}

/** A missing and an extra file of the same content are one renamed file. */
async function pairRenamed(
  rows: FileComparison[],
  extra: Map<string, HashedFile>,
  readLeaves: LeafReader,
): Promise<FileComparison[]> {
  const paired: FileComparison[] = [];
  for (const row of rows) {
    const twin = row.status === "missing" ? await findTwin(row.expected as Resource, extra, readLeaves) : undefined;
    if (twin === undefined) paired.push(row);
    else {
      extra.delete(twin.file.name);
      paired.push({ ...row, status: "renamed", actual: { name: twin.file.name, size: twin.file.size } });
    }
  }
  return paired.filter(({ name, status }) => status !== "extra" || extra.has(name));
}

async function findTwin(expected: Resource, extra: ReadonlyMap<string, HashedFile>, readLeaves: LeafReader) {
  const candidates = [...extra.values()].filter(({ file }) => file.size === expected.size);
  if (candidates.length === 0) return undefined;
  const recorded = await readKnown(expected, expected.size, readLeaves);
  return candidates.find(({ leafDigests }) => Buffer.compare(leafDigests, recorded) === 0);
}
