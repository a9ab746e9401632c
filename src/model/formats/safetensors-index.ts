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
  return new Map(
    entries.map(([tensor, named]) => {
      const shard = typeof named === "string" ? named.replace(/^(\.\/)+/, "") : "";
      if (shard === "" || shard === ".." || shard.includes("/") || shard.includes("\\")) {
        throw invalidHeader(`its weight_map names no file beside it for ${quote(tensor)}`);
      }
      return [tensor, shard] as const;
    }),
  );
}

/**
 * Checks that every tensor of a weight map is in the shard where it is placed. The map decides: what a shard holds besides is no
 * tensor of the model.
 *
 * @param tensorsByShard - the tensors that the header of each shard declares; a shard that is not there is missing
 * @param warn - called with a sentence about what shards hold besides
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function assertIndexAgrees(
  weightMap: WeightMap,
  tensorsByShard: ReadonlyMap<string, readonly { name: string }[]>,
  warn: (text: string) => void,
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
    const besides = [...names].filter((name) => weightMap.get(name) !== shard);
    if (besides.length === 0) continue;
    const [first = ""] = besides;
    const more = besides.length > 1 ? ` and ${besides.length - 1} more` : "";
    warn(`${quote(shard)} holds ${quote(first)}${more}, which the weight_map does not place there: not counted`);
  }
}
