import { type ModelRecord, readModelRecord } from "../chain/model-record.ts";
import { type Registry, toCaip10 } from "../chain/registry.ts";
import { toHex32 } from "../hex.ts";
import { readClaim } from "../model/claim.ts";
import type { ModelListing } from "../model/walk.ts";
import type { VerifiedModel, VerifyMethod, VerifyReport } from "./report.ts";

/** A record that was selected without the digest of the files at hand. */
export interface SelectedRecord {
  readonly tokenId: bigint;
  /** Undefined when there is no such token. */
  readonly record: ModelRecord | undefined;
  /** Who named the token: the verifier, or the model's own claim, which is only a hint. */
  readonly by: "verifier" | "claim";
}

/**
 * Selects the record a model should be compared with: of the token that the verifier names, else of the one that the
 * model claims to be in this registry.
 *
 * @returns undefined when nobody names a token of this registry
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function selectRecord(
  registry: Registry,
  tokenId: bigint | undefined,
  model: { readonly path: string; readonly kind: "file" | "folder" },
  links: { readonly hfCache?: boolean } = {},
): Promise<SelectedRecord | undefined> {
  if (tokenId !== undefined) return { tokenId, record: await readModelRecord(registry, tokenId), by: "verifier" };
  const claim = await readClaim(model.path, model.kind, links);
  if (claim?.registry.toLowerCase() !== toCaip10(registry).toLowerCase()) return undefined;
  const claimed = BigInt(claim.tokenId);
  return { tokenId: claimed, record: await readModelRecord(registry, claimed), by: "claim" };
}

/** The report on a model whose token does not exist: nothing of it was hashed. */
export function noSuchToken(listing: ModelListing, tokenId: bigint, method: VerifyMethod): VerifyReport {
  return {
    verdict: "not-registered",
    reason: `There is no token ${toHex32(tokenId)} in this registry.`,
    method,
    filesChecked: 0,
    model: describeModel(listing),
    files: [],
    checks: [{ what: "the model is recorded in this registry", passed: false }],
    warnings: [],
    sameWeights: [],
  };
}

/** A model that was listed and not hashed as a whole. */
export function describeModel({ path, kind, excluded, ignorePaths }: ModelListing): VerifiedModel {
  return { path, kind, excluded, ignorePaths };
}
