import { type ModelRecord, readModelRecord } from "../model-record.ts";
import type { Registry } from "../registry.ts";

/**
 * Reads a token and all its ancestors in the registry, the token first, each once.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readLineage(registry: Registry, tokenId: bigint): Promise<ModelRecord[]> {
  const records: ModelRecord[] = [];
  const seen = new Set([tokenId]);
  const waiting = [tokenId];
  for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
    const record = await readModelRecord(registry, id);
    if (record === undefined) continue;
    records.push(record);
    for (const parent of record.parents) {
      if (seen.has(parent)) continue;
      seen.add(parent);
      waiting.push(parent);
    }
  }
  return records;
}
