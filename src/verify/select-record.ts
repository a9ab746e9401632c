import { readModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { toHex32 } from "../base/hex.ts";
import { readClaim } from "../model/claim.ts";
import type { ModelListing } from "../model/walk.ts";
import type { LocatedRecord } from "./find-anchored.ts";
import { type BatchList, type RecordSearch, findRecords } from "./find-record.ts";
import {
  type Findings,
  type RegistryPlace,
  type VerifiedModel,
  type VerifyMethod,
  type VerifyReport,
  type VerifyRequest,
  placeOf,
  registriesOf,
} from "./report.ts";

/** A record that was selected without the digest of the files at hand. */
export interface SelectedRecord {
  readonly tokenId: bigint;
  /** Undefined when there is no such token. */
  readonly located: LocatedRecord | undefined;
  /** Who named the token: the verifier, or the model's own claim, which is only a hint. */
  readonly by: "verifier" | "claim";
  /** The batches of its registry, where they were asked. */
  readonly batches?: BatchList | undefined;
  /** Why some places that may hold the record could not be asked. */
  readonly gaps: readonly string[];
}

type Selection = Pick<VerifyRequest, "registry" | "unreachable" | "store" | "tokenId" | "hfCache">;

/**
 * Selects the record a model should be compared with: of the token that the verifier names, else of the one that the
 * model claims to be in one of the registries.
 *
 * @returns undefined when nobody names a token of these registries
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function selectRecord(
  request: Selection,
  model: RecordSearch["model"],
  findings: Findings,
): Promise<SelectedRecord | undefined> {
  if (request.tokenId === undefined) return selectClaimed(request, model);
  const { records, gaps, batches } = await findRecords(searchOf(request, model, [request.tokenId]), findings);
  const [located] = records;
  const listed = located && batches.get(located.registry);
  return { tokenId: request.tokenId, located, by: "verifier", gaps, batches: listed };
}

/** Selects the record that the model's own claim names. Errors as {@link selectRecord}. */
export async function selectClaimed(
  request: Selection,
  model: RecordSearch["model"],
): Promise<SelectedRecord | undefined> {
  const { hfCache = false } = request;
  const claim = model.isRemote ? undefined : await readClaim(model.path, model.kind, { hfCache });
  const registry = claim && registriesOf(request).find((candidate) => isSame(toCaip10(candidate), claim.registry));
  if (registry === undefined) return undefined;
  const tokenId = BigInt(claim?.tokenId as string);
  const record = await readModelRecord(registry, tokenId);
  return { tokenId, located: record && { registry, record }, by: "claim", gaps: [] };
}

/** Where and by what the records of a model are looked for. */
export function searchOf(request: Selection, model: RecordSearch["model"], ids: readonly bigint[]): RecordSearch {
  const { unreachable = [], store, hfCache = false } = request;
  return { registries: registriesOf(request), unreachable, store, ids, model, hfCache };
}

/** The report on a model whose token does not exist, or could not be looked for everywhere: nothing of it was hashed. */
export function noSuchToken(
  listing: ModelListing,
  { tokenId, gaps }: Pick<SelectedRecord, "tokenId" | "gaps">,
  method: VerifyMethod,
  registries: readonly Registry[],
): VerifyReport {
  return {
    ...absent(`There is no token ${toHex32(tokenId)} in ${nameRegistries(registries)}.`, gaps),
    method,
    filesChecked: 0,
    model: describeModel(listing),
    registries: registries.map(placeOf),
    files: [],
    sameWeights: [],
  };
}

/** The verdict where no record was found: nobody knows, as long as something could not be asked. */
export function absent(
  reason: string,
  gaps: readonly string[],
): Pick<VerifyReport, "verdict" | "reason" | "checks" | "notChecked" | "warnings"> {
  const what = "whether the model is recorded";
  if (gaps.length === 0) {
    const checks = [{ what: "the model is recorded", passed: false }];
    return { verdict: "not-registered", reason, checks, notChecked: [], warnings: [] };
  }
  const notChecked = gaps.map((why) => ({ what, why }));
  const text = `Not every place where it may be recorded could be asked. ${gaps[0]}`;
  return { verdict: "unchecked", reason: text, checks: [], notChecked, warnings: [] };
}

/** Names the registries that were asked, in a sentence. */
export function nameRegistries(registries: readonly RegistryPlace[]): string {
  return registries.length === 1 ? "this registry" : `any of these ${registries.length} registries`;
}

/** A model that was listed and not hashed as a whole. */
export function describeModel({ path, kind, excluded, ignorePaths }: ModelListing): VerifiedModel {
  return { path, kind, excluded, ignorePaths };
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
