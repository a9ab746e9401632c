import {
  type LocatedRecord,
  computeModelDigest,
  findTokensByWeights,
  locate,
  readModelRecord,
  toCaip10,
  toHex32,
} from "model-provenance-nft/core";
import { openAll } from "./sources.ts";

/** How a digest that was typed is recorded: as a model, as the model of one file, as the weights of one. */
export type FoundAs = "model" | "file" | "weights";

/** A record that a digest leads to. */
export interface FoundRecord {
  readonly as: FoundAs;
  readonly account: string;
  readonly registryName: string;
  readonly tokenId: string;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly recordedAt: number;
  readonly license: string;
  readonly status: "active" | "deprecated" | "revoked";
  /** It stands in a batch and has no token yet. */
  readonly isAnchored: boolean;
}

/** What was found of a digest, and why that may not be all. */
export interface LookedUp {
  readonly records: readonly FoundRecord[];
  readonly gaps: readonly string[];
}

/**
 * Looks for what is recorded under 32 bytes that somebody computed elsewhere: a model digest, which is the token id, the SHA-256 of
 * a model that is one file, or a digest of weights.
 *
 * @param digest - 64 hex digits
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED`, `CHAIN_UNREACHABLE`
 */
export async function lookUp(digest: string): Promise<LookedUp> {
  const { registries, unreachable, store } = await openAll();
  const asModel = BigInt(`0x${digest}`);
  const asFile = BigInt(computeModelDigest([{ name: "file", size: 0, sha256: digest }]));
  const evidence = { kind: "chain" as const, registries, unreachable, store };
  const { records, gaps } = await locate(evidence, { ids: [asModel, asFile], isNamed: false });
  const found = records.map((one) => describe(one, one.record.tokenId === asModel ? "model" : "file"));
  if (found.length > 0) return { records: found, gaps };
  const problems: string[] = [];
  for (const registry of registries) {
    try {
      const tokens = [...(await findTokensByWeights(registry, `0x${digest}`)), ...(await findTokensByWeights(registry, toHex32(asFile)))]; // prettier-ignore
      for (const tokenId of tokens) {
        const record = await readModelRecord(registry, tokenId);
        if (record !== undefined) {
          const place = { address: registry.address, chainId: registry.chainId, name: registry.name ?? "" };
          found.push(describe({ place, record }, "weights"));
        }
      }
    } catch (error) {
      problems.push((error as Error).message);
    }
  }
  return { records: found, gaps: [...gaps, ...problems] };
}

function describe({ place, record, batch }: LocatedRecord, as: FoundAs): FoundRecord {
  const { tokenId, creator, mintedAt, license, status } = record;
  return {
    as,
    account: toCaip10(place),
    registryName: place.name ?? "",
    tokenId: toHex32(tokenId),
    creator,
    recordedAt: mintedAt,
    license,
    status,
    isAnchored: batch !== undefined,
  };
}
