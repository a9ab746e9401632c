import { within } from "../base/deadline.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { OpenHashed } from "../model/tensors/unsafe-files.ts";
import { type ChainRequest, evidenceOf, placesOf, reportAbsence, searchOf, selectClaimed } from "./ask-chain.ts";
import { compareDigests } from "./compare-digests.ts";
import type { DamageFinder } from "./comparison.ts";
import type { ClaimReader } from "./evidence.ts";
import { type Finding, orElse, warns } from "./findings.ts";
import { type Found, chooseRecord, locate } from "./locate.ts";
import { warningsOf } from "./model-warnings.ts";
import { type Inquiry, examine } from "./pipeline.ts";
import { type TokenPlace, type VerifyReport, placeOf } from "./report.ts";
import type { VerifyRequest } from "./request.ts";
import { findSameWeights } from "./same-weights.ts";
import { digestsOf } from "./statement.ts";

/** What can be done with the files of a model beside comparing their digests; all of it may be left out. */
export interface AtHand extends Pick<Inquiry, "hashDataset"> {
  /** Opens a file of the model. */
  readonly open?: OpenHashed | undefined;
  readonly readClaim?: ClaimReader | undefined;
  readonly findDamage?: DamageFinder | undefined;
}

/**
 * Finds out from the chain whether exactly the files that were hashed are recorded, whoever hashed them and wherever. The
 * answer is a report; only a failure to look is thrown.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function verifyHashed(
  request: ChainRequest & Pick<VerifyRequest, "store">,
  hashed: HashedModel,
  { open, readClaim, findDamage, hashDataset }: AtHand = {},
): Promise<VerifyReport> {
  const { tokenId } = request;
  const evidence = evidenceOf(request);
  const search = searchOf(request, tokenId === undefined ? digestsOf(hashed.resources) : [tokenId], readClaim);
  const found = await locate(evidence, search);
  const located = chooseRecord(found.records, search);
  const claimed = located || tokenId !== undefined ? undefined : await selectClaimed(request, readClaim);
  const judged = located ?? claimed?.judged;
  const warnings = await warningsOf(hashed, open);
  if (judged === undefined) return explainAbsence(request, hashed, found, warnings);
  return examine({
    way: "digests",
    evidence,
    found: located ? found : (claimed?.found ?? found),
    judged,
    model: hashed,
    hashed,
    warnings,
    compare: async (subject) => compareDigests(hashed, subject, "digests", findDamage),
    hashDataset,
  });
}

/** Nobody recorded this digest, as far as that is known: a release with the same weights may be recorded all the same. */
async function explainAbsence(
  request: ChainRequest & Pick<VerifyRequest, "store">,
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
