import { toHex32 } from "../base/hex.ts";
import { toCaip10 } from "../registry/registry.ts";
import { conclude } from "./conclude.ts";
import type { ChainEvidence, ClaimReader, LocatedRecord } from "./evidence.ts";
import { type Finding, failed, notDone } from "./findings.ts";
import { type Found, type RecordSearch, chooseRecord, locate } from "./locate.ts";
import { type RegistryPlace, type TokenPlace, type VerifiedModel, type VerifyReport, placeOf } from "./report.ts";
import { type VerifyRequest, registriesOf } from "./request.ts";
import { WAYS, type Way } from "./ways.ts";

/** Where a chain is asked, and for what. */
export type ChainRequest = Pick<
  VerifyRequest,
  "registry" | "unreachable" | "tokenId" | "acceptance" | "publishers" | "credential" | "agent" | "limits"
> &
  Partial<Pick<VerifyRequest, "store">>;

/** A record that was selected without the digest of the files at hand. */
export interface SelectedRecord {
  readonly tokenId: bigint;
  readonly found: Found;
  /** Undefined when there is no such record. */
  readonly judged: LocatedRecord | undefined;
  /** Who named the token: the verifier, or the model's own claim, which is only a hint. */
  readonly by: "verifier" | "claim";
}

/** The registries of a request, as evidence. */
export function evidenceOf({
  unreachable = [],
  store,
  publishers,
  credential,
  agent,
  ...request
}: ChainRequest): ChainEvidence {
  return { kind: "chain", registries: registriesOf(request), unreachable, store, publishers, credential, agent };
}

/** What a request says of the records that are looked for. */
export function searchOf(
  { tokenId, acceptance, limits }: ChainRequest,
  ids: readonly bigint[],
  readClaim?: ClaimReader,
): RecordSearch {
  return { ids, isNamed: tokenId !== undefined, acceptance, limits, readClaim };
}

/**
 * Selects the record a model should be compared with: of the token that the verifier names, else of the one that the
 * model claims to be in one of the registries.
 *
 * @returns undefined when nobody names a token of these registries
 */
export async function selectRecord(
  request: ChainRequest,
  readClaim: ClaimReader | undefined,
): Promise<SelectedRecord | undefined> {
  const { tokenId } = request;
  if (tokenId === undefined) return selectClaimed(request, readClaim);
  const search = searchOf(request, [tokenId], readClaim);
  const found = await locate(evidenceOf(request), search);
  return { tokenId, found, judged: chooseRecord(found.records, search), by: "verifier" };
}

/** Selects the record that the model's own claim names. Errors as {@link selectRecord}. */
export async function selectClaimed(
  request: ChainRequest,
  readClaim: ClaimReader | undefined,
): Promise<SelectedRecord | undefined> {
  const claim = await readClaim?.();
  const evidence = evidenceOf(request);
  const registry = evidence.registries.find((one) => toCaip10(one).toLowerCase() === claim?.registry.toLowerCase());
  if (claim === undefined || registry === undefined) return undefined;
  const tokenId = BigInt(claim.tokenId);
  const search = { ...searchOf(request, [tokenId], readClaim), isNamed: true };
  const found = await locate({ ...evidence, registries: [registry], unreachable: [] }, search);
  return { tokenId, found, judged: chooseRecord(found.records, search), by: "claim" };
}

/** What is known where no record was found. */
export interface Absence {
  readonly way: Way;
  readonly model: VerifiedModel;
  readonly registries: readonly RegistryPlace[];
  /** Why some places that may hold a record could not be asked. */
  readonly gaps: readonly string[];
  /** The token that somebody named. */
  readonly tokenId?: bigint | undefined;
  readonly sameWeights?: readonly TokenPlace[];
  readonly findings?: readonly Finding[];
}

/** The report where no record was found: nobody knows, as long as something could not be asked. */
export function reportAbsence({ way, model, gaps, tokenId, sameWeights = [], ...rest }: Absence): VerifyReport {
  const { registries } = rest;
  const places = registries.length === 1 ? "this registry" : `any of these ${registries.length} registries`;
  const [gap] = gaps;
  const what = "the model is recorded";
  const verdict =
    gap === undefined
      ? failed("absent", what, describeAbsence(places, tokenId, sameWeights))
      : failed("unknown", what, `Not every place where it may be recorded could be asked. ${gap}`);
  const findings = [...(rest.findings ?? []), verdict, ...gaps.map((why) => notDone(why))];
  const draft = { method: WAYS[way].method, filesChecked: 0, model, registries, files: [], sameWeights };
  return conclude(
    way,
    draft,
    findings.map((finding) => ({ name: "record", what: "whether the model is recorded", finding })),
  );
}

function describeAbsence(places: string, tokenId: bigint | undefined, sameWeights: readonly TokenPlace[]): string {
  if (tokenId !== undefined) return `There is no token ${toHex32(tokenId)} in ${places}.`;
  const [first] = sameWeights;
  if (first !== undefined) {
    return `Nobody recorded exactly these files in ${places}. Its weights are those of token ${toHex32(first.tokenId)}: other files differ.`;
  }
  return (
    `Nobody recorded exactly these files in ${places}: they were never recorded, or a file was changed, renamed, added or ` +
    "left out since. Name what they should be to learn which: its token (--token, on the publisher's page or in show), or a " +
    "lock (--lock)."
  );
}

/** How a report names registries. */
export function placesOf({ registries }: ChainEvidence): RegistryPlace[] {
  return registries.map(placeOf);
}
