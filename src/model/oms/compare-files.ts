import type { ByteProgress } from "../hashing/steps.ts";
import type { ModelFile } from "../walk-folder.ts";
import { hashRanges, hashWhole } from "./hash-range.ts";
import { type ShardRange, cutIntoShards, toShardName } from "./shard-name.ts";
import type { OmsResource, OmsStatement } from "./statement.ts";

/** How a file, or a shard of one, differs from what was signed. Digests are hex digits; absent where there is none. */
export interface OmsDifference {
  readonly name: string;
  readonly status: "changed" | "missing" | "extra";
  readonly expected?: string;
  readonly actual?: string;
}

/**
 * Compares the files of a model with those that were signed, hashing each signed file once.
 *
 * @param files - the files present, named as in the statement
 * @param acceptExtra - say nothing of files that were not signed
 * @returns the differences, those of signed files first and in the order of the statement
 * @see OMS specification v1.0, sections 8.4 and 8.5
 */
export async function compareFiles(
  statement: OmsStatement,
  files: readonly ModelFile[],
  { acceptExtra, onBytes }: { acceptExtra: boolean; onBytes?: ByteProgress | undefined },
): Promise<OmsDifference[]> {
  const present = new Map(files.map((file) => [file.name, file]));
  const signed = Map.groupBy(statement.resources, ({ path }) => path);
  const found = [...signed.keys()].flatMap((path) => present.get(path) ?? []);
  const digests = statement.shardSize === undefined ? await hashWhole(found, statement.hashType, onBytes) : [];
  const digestOf = new Map(digests.map((digest, i) => [found[i]?.name, digest]));
  const differences: OmsDifference[] = [];
  for (const [path, resources] of signed) {
    const file = present.get(path);
    const digest = digestOf.get(path);
    if (file === undefined) differences.push(...resources.map(toMissing));
    else if (digest !== undefined)
      differences.push(...resources.flatMap((resource) => compareDigest(resource, digest)));
    else differences.push(...(await compareShards(statement, resources, file, onBytes)));
  }
  if (acceptExtra) return differences;
  for (const { name, size } of files) {
    // Shards say nothing of empty files: the specification leaves them out.
    const isInvisible = statement.shardSize !== undefined && size === 0;
    if (!signed.has(name) && !isInvisible) differences.push({ name, status: "extra" });
  }
  return differences;
}

async function compareShards(
  { shardSize = 1, hashType }: OmsStatement,
  resources: readonly OmsResource[],
  file: ModelFile,
  onBytes: ByteProgress | undefined,
): Promise<OmsDifference[]> {
  if (Math.ceil(file.size / shardSize) !== resources.length) return [toResized(resources, file)];
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const ranges: ShardRange[] = [];
  for (const range of cutIntoShards(file.size, shardSize)) {
    if (!byName.has(toShardName(file.name, range))) return [toResized(resources, file)];
    ranges.push(range);
  }
  const digests = await hashRanges(file, ranges, hashType, onBytes);
  return ranges.flatMap((range, i) => {
    return compareDigest(byName.get(toShardName(file.name, range)) as OmsResource, digests[i] as string);
  });
}

function compareDigest({ name, digest }: OmsResource, actual: string): OmsDifference[] {
  return digest === actual ? [] : [{ name, status: "changed", expected: digest, actual }];
}

function toMissing({ name, digest }: OmsResource): OmsDifference {
  return { name, status: "missing", expected: digest };
}

/** Shards that do not fit the file's size: no digest can be compared, so the sizes are named. */
function toResized(resources: readonly OmsResource[], { name, size }: ModelFile): OmsDifference {
  const signedSize = Math.max(...resources.map(({ range }) => range?.end ?? 0));
  return { name, status: "changed", expected: `shards up to byte ${signedSize}`, actual: `${size} bytes` };
}
