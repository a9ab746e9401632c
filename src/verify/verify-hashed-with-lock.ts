import type { HashedModel } from "../model/hash-model.ts";
import type { PublisherSources } from "../registry/publishers/publisher-sources.ts";
import type { OpenHashed } from "../model/tensors/unsafe-files.ts";
import { compareDigests } from "./compare-digests.ts";
import type { AskedOfLock, LocatedRecord, LockEvidence } from "./evidence.ts";
import { foundAlone } from "./locate.ts";
import type { LockFile } from "./lock-form.ts";
import { warningsOf } from "./model-warnings.ts";
import { examine } from "./pipeline.ts";
import type { VerifyReport } from "./report.ts";

/**
 * Compares files that were hashed with what a lock approves. Nothing is asked of a network.
 *
 * @param hashed - hashed without the paths that the lock ignores
 * @param open - opens a file of the model; undefined where none can be opened
 * @param publishers - names of accounts: of it the address book alone is looked into
 */
export async function verifyHashedWithLock(
  hashed: HashedModel,
  lock: LockFile,
  asked: AskedOfLock,
  open: OpenHashed | undefined,
  publishers?: PublisherSources,
): Promise<VerifyReport> {
  const { blockNumber, policyDigest: approved } = lock.approved;
  const place = { registry: lock.registry, policyDigest: approved };
  const accepted = lock.publishers as LockEvidence["accepted"];
  const evidence: LockEvidence = { kind: "lock", blockNumber, ...place, asked, publishers, accepted };
  const judged = recordOf(lock);
  return examine({
    way: "lock",
    evidence,
    found: foundAlone(judged),
    judged,
    model: hashed,
    hashed,
    statement: { expected: lock.files },
    warnings: [...(await warningsOf(hashed, open)), ...(lock.warnings ?? [])],
    compare: async (subject) => compareDigests(hashed, subject, "lock"),
  });
}

function recordOf({ record: { tokenId, parents, ...rest }, registry }: LockFile): LocatedRecord {
  const [, chainId, address] = registry.split(":") as [string, string, string];
  return {
    place: { chainId: BigInt(chainId), address },
    record: { ...rest, tokenId: BigInt(tokenId), parents: parents.map(BigInt) },
  };
}
