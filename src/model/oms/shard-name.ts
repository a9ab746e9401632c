import { invalidBundle } from "./bundle.ts";

/** A byte range of a file, its end exclusive. */
export interface ShardRange {
  readonly start: number;
  readonly end: number;
}

/**
 * Splits the name of a shard, `path:start:end`. The path may hold colons: the last two numbers count.
 *
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`
 * @see OMS specification v1.0, section 6.3.2
 */
export function splitShardName(name: string): { path: string; range: ShardRange } {
  const match = /^(.+):(0|[1-9]\d*):([1-9]\d*)$/s.exec(name);
  const [path, start, end] = [match?.[1] ?? "", Number(match?.[2]), Number(match?.[3])];
  if (match === null || !Number.isSafeInteger(end) || start >= end) {
    throw invalidBundle(`names the shard ${JSON.stringify(name)}, which is not path:start:end`);
  }
  return { path, range: { start, end } };
}

/** Names a shard. */
export function toShardName(path: string, { start, end }: ShardRange): string {
  return `${path}:${start}:${end}`;
}

/** Cuts a file of so many bytes into ranges; an empty file has none. */
export function* cutIntoShards(size: number, shardSize: number): Generator<ShardRange> {
  for (let start = 0; start < size; start += shardSize) yield { start, end: Math.min(start + shardSize, size) };
}
