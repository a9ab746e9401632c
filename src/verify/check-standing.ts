import { readLineageStatus } from "../registry/ancestry.ts";
import type { RecordedEvent, Status } from "../registry/model-record.ts";
import { compareRegistryCode } from "../registry/registry-code.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { readRoyalty } from "../registry/royalties.ts";
import { findNewerVersions, latestOf } from "../registry/versions.ts";
import { toHex32 } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type LocatedRecord, findAnchored } from "./find-anchored.ts";
import { type BatchList, MAX_OPTIONAL_REQUESTS, tryListBatches } from "./find-record.ts";
import type { AncestryStatus, Findings, LatestVersion } from "./report.ts";

/** What is known of a record beside its own words. */
export interface StandingRequest {
  readonly located: LocatedRecord;
  readonly event: RecordedEvent | undefined;
  readonly metadata: Metadata | undefined;
  /** The batches of the registry; listed here when left out. */
  readonly batches?: BatchList | undefined;
  /** Where the folders of the batches are read. */
  readonly store?: BlockSource | undefined;
}

/** How a record stands today. */
export interface Standing {
  /** Why the registry's answers cannot be relied on. */
  readonly otherCode?: string;
  /** Of the batch that the token was minted from, where that is worse than the token's own. */
  readonly batchStatus?: Status;
  readonly ancestry?: AncestryStatus;
  readonly latest?: LatestVersion;
}

const BATCH_RECALL = "whether its batch was recalled";
const BASIS_POINTS = 10_000n;

/** Looks at the contract, and at what was said since the model was recorded. What cannot be read is written down as not checked. */
export async function checkStanding(request: StandingRequest, findings: Findings): Promise<Standing> {
  const otherCode = await checkCode(request.located.registry, findings);
  const batchStatus = await checkBatch(request, findings);
  const ancestry = await checkAncestry(request, findings);
  const latest = await checkVersions(request, findings);
  await checkRoyalty(request, findings);
  return {
    ...(otherCode !== undefined && { otherCode }),
    ...(batchStatus && { batchStatus }),
    ...(ancestry && { ancestry }),
    ...(latest && { latest }),
  };
}

async function checkCode(registry: Registry, findings: Findings): Promise<string | undefined> {
  const what = "the registry's code is that of ModelProvenanceNFT, as this version has it";
  const compared = await findings.orSkip(what, async () => compareRegistryCode(registry));
  if (compared === undefined) return undefined;
  const { result, codeHash } = compared;
  if (result === "other" && registry.codeHash === codeHash) {
    findings.check(`the registry's code is the one that was named as trusted, ${codeHash}`, true);
    return undefined;
  }
  if (findings.check(what, result !== "other")) return undefined;
  return (
    `The contract ${toCaip10(registry)} is not the ModelProvenanceNFT of this version: what it answers proves nothing. ` +
    `Where it is known to be another version, name codeHash ${codeHash} in the registries file.`
  );
}

/** A token keeps its status when the batch it came from is revoked later: both count. */
async function checkBatch({ located, store, ...given }: StandingRequest, findings: Findings) {
  const { registry, record, batch } = located;
  if (batch !== undefined) return undefined;
  const batches = given.batches ?? (await tryListBatches(registry, { maxRequests: MAX_OPTIONAL_REQUESTS }));
  if (typeof batches === "string") {
    findings.skip(BATCH_RECALL, batches);
    return undefined;
  }
  const suspects = batches.filter(
    ({ creator, anchoredAt, status }) =>
      creator === record.creator && anchoredAt === record.mintedAt && status !== "active",
  );
  if (suspects.length === 0) return undefined;
  if (store === undefined) {
    findings.skip(
      BATCH_RECALL,
      "a batch of its creator and its time was, and there is no store to read which models it has",
    );
    return undefined;
  }
  const { found, unread } = await findAnchored(registry, suspects, [record.tokenId], store);
  for (const why of unread) findings.skip(BATCH_RECALL, why);
  const statuses = found.map((candidate) => candidate.record.status);
  return statuses.includes("revoked") ? "revoked" : statuses[0];
}

async function checkAncestry({ located }: StandingRequest, findings: Findings): Promise<AncestryStatus | undefined> {
  const { registry, record } = located;
  const what = "the status of the ancestors";
  if (record.parents.length === 0) {
    findings.skip(what, "the record names no parent in its registry");
    return undefined;
  }
  const ancestry = await findings.orSkip(what, async () => readLineageStatus(registry, record.parents));
  if (ancestry === undefined) return undefined;
  if (ancestry.worst === "active") findings.check("no ancestor in the registry is deprecated or revoked", true);
  else findings.warnings.push(`The ancestor ${toHex32(ancestry.causeId)} is ${ancestry.worst}.`);
  return ancestry;
}

/** The latest version by the model's creator or owner; none where it is the model itself. */
async function checkVersions(
  { located, event }: StandingRequest,
  findings: Findings,
): Promise<LatestVersion | undefined> {
  const { registry, record } = located;
  const accounts = [record.creator, ...(record.owner === undefined ? [] : [record.owner])];
  const options = { maxRequests: MAX_OPTIONAL_REQUESTS, ...(event && { fromBlock: event.blockNumber }) };
  const newer = await findings.orSkip("newer versions", async () =>
    findNewerVersions(registry, record.tokenId, accounts, options),
  );
  const standing = (newer ?? []).filter((version) => version.record.status !== "revoked");
  if (standing.length === 0) return undefined;
  const itself = { tokenId: record.tokenId, version: event?.version ?? "" };
  const latest = latestOf([itself, ...standing.map(({ record: { tokenId }, version }) => ({ tokenId, version }))]);
  return latest === itself ? undefined : latest;
}

async function checkRoyalty({ located, metadata }: StandingRequest, findings: Findings): Promise<void> {
  const signed = metadata?.provenance.royalty;
  if (signed === undefined || located.batch !== undefined) return;
  const what = "the royalty";
  const now = await findings.orSkip(what, async () =>
    readRoyalty(located.registry, located.record.tokenId, BASIS_POINTS),
  );
  if (now === undefined) return;
  const sameReceiver = now.receiver.toLowerCase() === signed.receiver.toLowerCase();
  if (sameReceiver && now.amount === BigInt(signed.basisPoints)) {
    findings.check("the royalty is the one that was signed", true);
    return;
  }
  findings.warnings.push(
    `The royalty is now ${now.amount} basis points to ${now.receiver}; signed were ${signed.basisPoints} to ${signed.receiver}.`,
  );
}
