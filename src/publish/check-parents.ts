import { readModelRecord } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Provenance } from "../metadata/schema.ts";

/**
 * Makes sure that a model's parents are in the registry.
 *
 * @param before - token ids that will be recorded before it, 0x-hex of 32 bytes
 * @throws {ProvenanceError} `PARENT_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function assertParentsKnown(
  { parents = [] }: Provenance,
  registry: Registry,
  before: ReadonlySet<string> = new Set(),
): Promise<void> {
  for (const { tokenId } of parents) {
    if (before.has(tokenId)) continue;
    if ((await readModelRecord(registry, BigInt(tokenId))) !== undefined) continue;
    throw new ProvenanceError(
      "PARENT_UNKNOWN",
      `The parent ${tokenId} is not in the registry ${registry.address}. Mint it first, give its token id if it was minted with ignored paths, or name it in BASE_MODELS.`,
    );
  }
}
