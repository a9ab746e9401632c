import { type ByteSource, readBytes } from "./byte-source.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { isObject, parseStrictJson } from "./strict-json.ts";

/** How the name of a list of shards ends, for example `model.safetensors.index.json`. */
export const SAFETENSORS_INDEX_SUFFIX = ".safetensors.index.json";

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 16, maxTokens: 1_000_000 };

/** Which tensor lies in which shard: names of tensors to names of files beside the index. */
export type WeightMap = ReadonlyMap<string, string>;

/**
 * Reads the list of shards of a safetensors model.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readSafetensorsIndex(source: ByteSource): Promise<WeightMap> {
  if (source.size > LIMITS.maxBytes) throw invalidHeader(`it has ${source.size} bytes, more than is allowed`);
  const index = parseStrictJson(await readBytes(source, 0, source.size), "it", LIMITS);
  const { weight_map: weightMap } = index;
  if (!isObject(weightMap)) throw invalidHeader("it has no weight_map");
  const entries = Object.entries(weightMap);
  for (const [tensor, shard] of entries) {
    if (typeof shard !== "string" || shard === "" || shard.includes("/") || shard.includes("\\")) {
      throw invalidHeader(`its weight_map names no file beside it for ${quote(tensor)}`);
    }
  }
  return new Map(entries as [string, string][]);
}

/**
 * Checks that a weight map and the headers of its shards agree in both directions.
 *
 * @param tensorsByShard - the tensors that the header of each shard declares; a shard that is not there is missing
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function assertIndexAgrees(
  weightMap: WeightMap,
  tensorsByShard: ReadonlyMap<string, readonly { name: string }[]>,
): void {
  const declared = new Map<string, Set<string>>();
  for (const shard of new Set(weightMap.values())) {
    const tensors = tensorsByShard.get(shard);
    if (tensors === undefined)
      throw invalidHeader(`its weight_map names the shard ${quote(shard)}, which is not there`);
    declared.set(shard, new Set(tensors.map(({ name }) => name)));
  }
  for (const [tensor, shard] of weightMap) {
    if (declared.get(shard)?.has(tensor)) continue;
    throw invalidHeader(`its weight_map says ${quote(tensor)} is in ${quote(shard)}, whose header does not have it`);
  }
  for (const [shard, names] of declared) {
    for (const name of names) {
      if (weightMap.get(name) === shard) continue;
      throw invalidHeader(`${quote(shard)} holds ${quote(name)}, which the weight_map does not place there`);
    }
  }
}
