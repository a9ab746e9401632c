import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { walkModel } from "../model/walk.ts";
import { evidenceOf, placesOf, reportAbsence, searchOf, selectClaimed } from "./ask-chain.ts";
import { compareDigests } from "./compare-digests.ts";
import type { DamageFinder } from "./comparison.ts";
import { within } from "../base/deadline.ts";
import { type Finding, orElse, warns } from "./findings.ts";
import { locateDamage, openRecordedLeaves } from "./locate-damage.ts";
import { type Found, chooseRecord, locate } from "./locate.ts";
import { warningsOf } from "./model-warnings.ts";
import { OMS_READER, claimReaderOf, hashDataset } from "./model-at-hand.ts";
import { examine } from "./pipeline.ts";
import { type TokenPlace, type VerifyReport, placeOf } from "./report.ts";
import { type VerifyRequest } from "./request.ts";
import { findSameWeights } from "./same-weights.ts";
import { digestsOf } from "./statement.ts";
import { verifyFast } from "./verify-fast.ts";

export type { Verdict, VerifyReport } from "./report.ts";
export type { VerifyRequest } from "./request.ts";

/**
 * Finds out from the chain whether exactly these files were recorded. The answer is a report; only a
 * failure to look is thrown.
 *
 * @throws {ProvenanceError} as {@link hashModel}, `CHAIN_UNREACHABLE`
 * @example
 * const { verdict } = await verifyModel({ modelPath: "./my-model", registry, store });
 */
export async function verifyModel(request: VerifyRequest): Promise<VerifyReport> {
  if (!request.fast) return verifyDigests(request);
  const fast = await verifyFast(request);
  if (!("instead" in fast)) return fast;
  const report = await verifyDigests(request);
  return { ...report, warnings: [`${fast.instead} All files were hashed instead.`, ...report.warnings] };
}

async function verifyDigests(request: VerifyRequest): Promise<VerifyReport> {
  const { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes } = request;
  const hashing = { ignorePaths, hfCache, lfsPointers, cache, withCid, onTotal, onBytes };
  const hashed = request.hashed ?? (await hashModel(request.modelPath, withoutUndefined(hashing)));
  const report = await findVerdict(request, hashed);
  const unseen = hashed.pointers.length > 0 ? { reason: `By what the Git LFS pointers say: ${report.reason}` } : {};
  return { ...report, ...unseen };
}

async function findVerdict(request: VerifyRequest, hashed: HashedModel): Promise<VerifyReport> {
  const { tokenId, datasetPath } = request;
  const evidence = evidenceOf(request);
  const readClaim = request.hashed ? undefined : claimReaderOf(hashed, request);
  const search = searchOf(request, tokenId === undefined ? digestsOf(hashed.resources) : [tokenId], readClaim);
  const found = await locate(evidence, search);
  const located = chooseRecord(found.records, search);
  const claimed = located || tokenId !== undefined ? undefined : await selectClaimed(request, readClaim);
  const judged = located ?? claimed?.judged;
  const warnings = await warningsOf(hashed);
  if (judged === undefined) return explainAbsence(request, hashed, found, warnings);
  return examine({
    way: "digests",
    evidence,
    omsReader: OMS_READER,
    found: located ? found : (claimed?.found ?? found),
    judged,
    model: hashed,
    hashed,
    warnings,
    compare: async (subject) => compareDigests(hashed, subject, "digests", damageFinderOf(request, hashed)),
    hashDataset: datasetPath === undefined ? undefined : async () => hashDataset(datasetPath),
  });
}

/** Reads the files that differ once more, where they lie on this machine. */
function damageFinderOf(
  { hashed, modelPath, hfCache = false, store }: VerifyRequest,
  model: HashedModel,
): DamageFinder {
  return async (rows, metadata) => {
    if (hashed !== undefined || !rows.some(({ status }) => status === "mismatch")) return { files: rows, findings: [] };
    const { files } = await walkModel(modelPath, { ignorePaths: model.ignorePaths, hfCache });
    return locateDamage(rows, files, openRecordedLeaves(metadata?.provenance.model, store));
  };
}

/** Nobody recorded this digest, as far as that is known: a release with the same weights may be recorded all the same. */
async function explainAbsence(
  request: VerifyRequest,
  model: HashedModel,
  { gaps, deadline }: Found,
  warnings: readonly string[],
): Promise<VerifyReport> {
  const evidence = evidenceOf(request);
  const findings: Finding[] = warnings.map((warning) => warns(warning));
  const sameWeights: TokenPlace[] = [];
  const { tokenId } = request;
  for (const registry of tokenId === undefined ? evidence.registries : []) {
    const tokens = await orElse(
      async () => within(deadline, async () => findSameWeights(registry, model, request.store)),
      (message) => findings.push(warns(message)),
    );
    for (const id of tokens ?? []) sameWeights.push({ registry: placeOf(registry), tokenId: id });
  }
  return reportAbsence({ way: "digests", model, registries: placesOf(evidence), gaps, tokenId, sameWeights, findings });
}

function withoutUndefined<T extends object>(values: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as never;
}
