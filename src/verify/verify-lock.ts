import { ProvenanceError } from "../base/errors.ts";
import { ZERO_DIGEST, toHex32 } from "../base/hex.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../model/hash-model.ts";
import { compareNamed } from "./compare-names.ts";
import { compareResources } from "./compare-resources.ts";
import { digestsOf } from "./check-record.ts";
import type { LockFile } from "./lock-file.ts";
import { warningsOf } from "./model-warnings.ts";
import { Findings, type RecordedModel, type RegistryPlace, type VerifyReport } from "./report.ts";
import { toCaip10 } from "../registry/registry.ts";

/** Input of {@link verifyLock}. */
export interface VerifyLockRequest extends Pick<
  HashModelOptions,
  "hfCache" | "lfsPointers" | "cache" | "onTotal" | "onBytes"
> {
  readonly modelPath: string;
  readonly lock: LockFile;
  /** The token that must have been approved; any when left out. */
  readonly tokenId?: bigint;
  /** Address of the registry in which the record must be; any when left out. */
  readonly registry?: string;
  /** Registries in one of which the record must be, CAIP-10 accounts; any when left out. */
  readonly registries?: readonly string[];
  /** Of the chain on which the record must be; any when left out. */
  readonly chainId?: bigint;
  /** Accounts by which the record must have been made; any when left out. */
  readonly creators?: readonly string[];
  /** SHA-256 of the policy under which the lock must have been written, 0x-hex; any when left out. */
  readonly policyDigest?: string;
}

/**
 * Compares a model with what was approved. Nothing is asked of a network: what was said of the model since is not known.
 *
 * @throws {ProvenanceError} as {@link hashModel}
 */
export async function verifyLock(request: VerifyLockRequest): Promise<VerifyReport> {
  const { modelPath, lock, tokenId, registry, registries, chainId, creators, policyDigest, ...hashing } = request;
  const model = await hashModel(modelPath, { ...hashing, ignorePaths: lock.ignorePaths });
  const findings = new Findings();
  const isSame = findings.check(
    "the contents of all files are those of the lock",
    digestsOf(model.resources).includes(BigInt(lock.record.tokenId)),
  );
  const named = isSame
    ? compareNamed(model, lock.files, findings, "the lock")
    : { verdict: "mismatch" as const, files: compareResources(lock.files, model.resources) };
  findings.skip("what was said of the model since", `the lock is of block ${lock.approved.blockNumber}`);
  const lists = findings.lists();
  const warnings = [...(await warningsOf(model)), ...lists.warnings];
  const report = { ...describe(model, lock), files: named.files, ...lists, warnings };
  if (named.verdict !== "verified") {
    return { ...report, verdict: "mismatch", reason: "The files are not those that were approved." };
  }
  const refused =
    findOtherPlace(lock, { tokenId, registry, registries, chainId }, findings) ??
    findRefusal(lock, { creators, policyDigest }, findings);
  if (refused !== undefined) return { ...report, verdict: "unacceptable", reason: refused };
  const { creator, status } = lock.record;
  if (status === "deprecated") warnings.push("The model is deprecated.");
  const reason = `Exactly these files were approved at block ${lock.approved.blockNumber}, as recorded by ${creator}.`;
  return { ...report, verdict: "verified", reason };
}

/**
 * Writes down what was approved.
 *
 * @param report - verified, of all files by their digests
 * @param blockNumber - the newest block when the registry was asked
 * @throws {ProvenanceError} `OPTION_INVALID` for a report that approves nothing, or only a part
 */
export function toLockFile(report: VerifyReport, blockNumber: number): LockFile {
  const { record, registry, event, verdict, method, model, files, policy } = report;
  if (verdict !== "verified" || method !== "digests" || record === undefined || registry === undefined) {
    throw new ProvenanceError("OPTION_INVALID", "A lock is written of a whole model that was verified by its digests.");
  }
  const { tokenId, parents, owner: _, status, datasetDigest, metadataDigest, ...rest } = record;
  const resources = files.flatMap(({ expected }) => (expected === undefined ? [] : [expected]));
  return {
    schemaVersion: "1.0",
    registry: toCaip10(registry),
    record: {
      tokenId: toHex32(tokenId),
      creator: rest.creator,
      mintedAt: rest.mintedAt,
      relation: rest.relation,
      status: status === "deprecated" ? "deprecated" : "active",
      parents: parents.map(toHex32),
      datasetDigest,
      metadataDigest,
      framework: rest.framework,
      license: rest.license,
      performanceMetrics: rest.performanceMetrics,
    },
    ...(event && {
      event: {
        blockNumber: event.blockNumber,
        transactionHash: (event.transactionHash || ZERO_DIGEST) as typeof ZERO_DIGEST,
        version: event.version,
      },
    }),
    kind: model.kind,
    ignorePaths: [...model.ignorePaths],
    approved: { blockNumber, ...(policy?.digest !== undefined && { policyDigest: policy.digest }) },
    files: resources.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  };
}

function describe(model: HashedModel, lock: LockFile) {
  const { tokenId, parents, ...rest } = lock.record;
  const [, chainId, address] = lock.registry.split(":") as [string, string, string];
  const record: RecordedModel = { ...rest, tokenId: BigInt(tokenId), parents: parents.map(BigInt) };
  const registry: RegistryPlace = { chainId: BigInt(chainId), address };
  const counts = { method: "lock", filesChecked: model.resources.length, filesRecorded: lock.files.length } as const;
  return { ...counts, model, registry, record, sameWeights: [] };
}

type PlaceKey = "tokenId" | "registry" | "registries" | "chainId";

/** A lock of another registry, chain or token than the one asked for approves something else. */
function findOtherPlace(
  { record, registry: place }: LockFile,
  { tokenId, registry, registries, chainId }: { [Key in PlaceKey]: VerifyLockRequest[Key] | undefined },
  findings: Findings,
): string | undefined {
  const [, chain, address] = place.split(":") as [string, string, string];
  if (chainId !== undefined && !findings.check("the lock is of the chain asked for", BigInt(chain) === chainId)) {
    return `The lock is of a registry on chain ${chain}, not on ${chainId}.`;
  }
  if (registry !== undefined) {
    const isSame = address.toLowerCase() === registry.toLowerCase();
    if (!findings.check("the lock is of the registry asked for", isSame)) {
      return `The lock is of the registry ${place}, not of ${registry}.`;
    }
  }
  if (registries !== undefined) {
    const isListed = registries.some((name) => name.toLowerCase() === place.toLowerCase());
    if (!findings.check("the lock is of one of the registries listed", isListed)) {
      return `The lock is of the registry ${place}, which is not one of those listed.`;
    }
  }
  if (tokenId === undefined) return undefined;
  const isSame = findings.check("the lock is of the token asked for", BigInt(record.tokenId) === tokenId);
  return isSame ? undefined : `The lock is of token ${record.tokenId}, not of the one asked for.`;
}

/** A lock that was approved under other rules than those that hold now approves nothing. */
function findRefusal(
  { record, approved }: LockFile,
  { creators, policyDigest }: { [Key in "creators" | "policyDigest"]: VerifyLockRequest[Key] | undefined },
  findings: Findings,
): string | undefined {
  if (creators !== undefined) {
    const isAllowed = creators.some((account) => account.toLowerCase() === record.creator.toLowerCase());
    if (!findings.check("the lock names a creator that is allowed", isAllowed)) {
      return `The lock is of a model by ${record.creator}, who is not one of the creators allowed.`;
    }
  }
  if (policyDigest === undefined) return undefined;
  const isSame = findings.check("the lock was approved under this policy", approved.policyDigest === policyDigest);
  return isSame ? undefined : "The lock was approved under another policy: verify with the chain, and write it again.";
}
