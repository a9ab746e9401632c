import { ProvenanceError } from "../base/errors.ts";
import { ZERO_DIGEST, toHex32 } from "../base/hex.ts";
import { type HashModelOptions, hashModel } from "../model/hash-model.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import { toCaip10 } from "../registry/registry.ts";
import { openerOf } from "../model/tensors/hashed-source.ts";
import type { AskedOfLock } from "./evidence.ts";
import type { LockFile } from "./lock-file.ts";
import { describeStatement } from "./recalls.ts";
import type { VerifyReport } from "./report.ts";
import { verifyHashedWithLock } from "./verify-hashed-with-lock.ts";

/** Input of {@link verifyLock}. */
export interface VerifyLockRequest
  extends AskedOfLock, Pick<HashModelOptions, "hfCache" | "lfsPointers" | "cache" | "onTotal" | "onBytes"> {
  readonly modelPath: string;
  readonly lock: LockFile;
  /** Names of accounts: of it the address book alone is looked into. */
  readonly publishers?: PublisherSources;
}

/**
 * Compares a model with what was approved. Nothing is asked of a network: what was said of the model since is not known.
 *
 * @throws {ProvenanceError} as {@link hashModel}
 */
export async function verifyLock(request: VerifyLockRequest): Promise<VerifyReport> {
  const { modelPath, lock, tokenId, registry, registries, chainId, creators, policyDigest, ...rest } = request;
  const { publishers, ...hashing } = rest;
  const hashed = await hashModel(modelPath, { ...hashing, ignorePaths: lock.ignorePaths });
  const asked = { tokenId, registry, registries, chainId, creators, policyDigest };
  return verifyHashedWithLock(hashed, lock, asked, openerOf(hashed), publishers);
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
  const warnings = recallsOf(report);
  const publishers = acceptedOf(report);
  const isDeprecated = report.recalls?.some((recall) => recall.isOwn && recall.status === "deprecated");
  if (verdict !== "verified" || method !== "digests" || record === undefined || registry === undefined) {
    throw new ProvenanceError("OPTION_INVALID", "A lock is written of a whole model that was verified by its digests.");
  }
  const { tokenId, parents, owner: _, status: __, datasetDigest, metadataDigest, ...rest } = record;
  const resources = files.flatMap(({ expected }) => (expected === undefined ? [] : [expected]));
  return {
    schemaVersion: "1.0",
    registry: toCaip10(registry),
    record: {
      tokenId: toHex32(tokenId),
      creator: rest.creator,
      mintedAt: rest.mintedAt,
      relation: rest.relation,
      status: isDeprecated ? "deprecated" : "active",
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
    ...(warnings.length > 0 && { warnings }),
    ...(publishers.length > 0 && { publishers }),
    approved: { blockNumber, ...(policy?.digest !== undefined && { policyDigest: policy.digest }) },
    files: resources.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
  };
}

/** What holds of the creator. */
function acceptedOf({ publisher }: VerifyReport): NonNullable<LockFile["publishers"]> {
  const holding = publisher?.claims.filter(({ holds }) => holds === "yes") ?? [];
  return holding.map(({ source, id, name, checkedAt }) => ({
    source,
    id,
    name,
    ...(checkedAt !== undefined && { checkedAt }),
  }));
}

/** What was said of the model and its ancestors when it was approved, with who said it, when and why. */
function recallsOf({ checks, recalls = [] }: VerifyReport): string[] {
  const ancestors = checks.flatMap((check) =>
    check.name === "ancestors" && check.warns ? [`When this was approved, ${check.what}.`] : [],
  );
  const own = recalls.find(({ isOwn }) => isOwn)?.statement;
  const model = own && `When this was approved, the model was ${own.status}${describeStatement(own)}`;
  return [...(model === undefined ? [] : [model]), ...ancestors];
}
