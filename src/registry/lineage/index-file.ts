import { lstat, readFile } from "node:fs/promises";
import { z } from "zod";
import { writeFileAtomically } from "../../base/atomic-write.ts";
import { type RegistryIndex, createRegistryIndex, endorsementKey } from "./registry-index.ts";
import { STATUSES } from "../model-record.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { RELATIONS } from "../../model/relation.ts";

// A model takes about 900 bytes.
const MAX_BYTES = 512 * 1024 * 1024;
const MAX_KEYS = 20_000_000;

const digest = z.custom<Hex>((text) => typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text), "must be a digest");
const id = digest.transform((text) => BigInt(text));
const count = z.int().nonnegative();

const modelSchema = z.strictObject({
  tokenId: id,
  creator: z.string(),
  mintedAt: count,
  relation: z.enum(RELATIONS),
  parents: z.array(id),
  datasetDigest: digest,
  metadataDigest: digest,
  framework: z.string(),
  license: z.string(),
  performanceMetrics: z.string(),
  version: z.string(),
  blockNumber: count,
  transactionHash: z.string(),
  status: z.enum(STATUSES),
  owners: z.array(z.strictObject({ owner: z.string(), blockNumber: count })),
});
const endorsementSchema = z.strictObject({
  parentId: id,
  chainId: z.string().regex(/^\d{1,32}$/),
  registry: z.string(),
  childId: id,
});
const registrySchema = z.strictObject({
  registry: z.string(),
  nextBlock: count,
  /** Of the last block that is in it: another one means another chain. */
  blockHash: z.string(),
  models: z.array(modelSchema),
  endorsements: z.array(endorsementSchema),
});
const fileSchema = z.strictObject({ schemaVersion: z.literal("1.0"), registries: z.array(registrySchema) });

/** An index with the hash of its last block, as it is kept. */
export interface KeptIndex {
  readonly index: RegistryIndex;
  readonly blockHash: string;
}

/** The indexes that a file keeps, by the CAIP-10 names of their registries. */
export type KeptIndexes = Map<string, KeptIndex>;

/**
 * Reads the indexes that were kept; none where there is no file.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a file that is something else: it would be overwritten
 */
export async function readIndexFile(path: string): Promise<KeptIndexes> {
  const stats = await lstat(path).catch(() => undefined);
  if (stats === undefined) return new Map();
  if (!stats.isFile() || stats.size > MAX_BYTES) throw notAnIndex(path);
  let json: unknown;
  try {
    json = parseUntrustedJson(await readFile(path), MAX_BYTES, "It", MAX_KEYS);
  } catch (cause) {
    throw notAnIndex(path, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) throw notAnIndex(path, parsed.error);
  return new Map(parsed.data.registries.map((kept) => [kept.registry, revive(kept)]));
}

/** Writes indexes, whole or not at all. @throws {ProvenanceError} `OPTION_INVALID` where the file cannot be written */
export async function writeIndexFile(path: string, kept: KeptIndexes): Promise<void> {
  const registries = [...kept].map(([registry, { index, blockHash }]) => ({
    registry,
    nextBlock: index.nextBlock,
    blockHash,
    models: [...index.models.values()].map(({ tokenId, parents, ...rest }) => ({
      tokenId: toHex32(tokenId),
      ...rest,
      parents: parents.map(toHex32),
    })),
    endorsements: [...index.endorsements.values()].map(({ parentId, chainId, registry: place, childId }) => ({
      parentId: toHex32(parentId),
      chainId: String(chainId),
      registry: place,
      childId: toHex32(childId),
    })),
  }));
  await writeFileAtomically(path, `${JSON.stringify({ schemaVersion: "1.0", registries })}\n`).catch(
    (cause: NodeJS.ErrnoException) => {
      throw new ProvenanceError("OPTION_INVALID", `The index ${path} cannot be written (${cause.code}).`, { cause });
    },
  );
}

/** The key of a registry in such a file. */
export function indexKey(registry: Registry): string {
  return toCaip10(registry).toLowerCase();
}

function revive({ nextBlock, blockHash, models, endorsements }: z.infer<typeof registrySchema>): KeptIndex {
  const index = createRegistryIndex(nextBlock);
  for (const model of models) index.models.set(model.tokenId, model);
  for (const { chainId, ...rest } of endorsements) {
    const endorsement = { ...rest, chainId: BigInt(chainId) };
    index.endorsements.set(endorsementKey(endorsement), endorsement);
  }
  return { index, blockHash };
}

function notAnIndex(path: string, cause?: unknown): ProvenanceError {
  const text = `${path} is not an index of a registry, and is not overwritten. Name another file, or delete it.`;
  return new ProvenanceError("OPTION_INVALID", text, { cause });
}
