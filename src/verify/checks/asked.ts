import type { AskedOfLock, LockEvidence } from "../evidence.ts";
import { includes } from "../evidence.ts";
import { checked, type Finding } from "../findings.ts";
import { type Check, NOT_FOREIGN } from "./check.ts";

const SELECTED = { by: "the record was looked up where it was asked for" };

/** What a lock approved is what was asked for: one of another token, registry, chain, creator or policy approves something else. */
export const asked: Check = {
  name: "asked",
  what: "token, registry and chain asked for",
  ways: {
    digests: SELECTED,
    cid: SELECTED,
    files: SELECTED,
    proof: SELECTED,
    root: { by: "a proof of another token is refused" },
    pack: { by: "a pack of another token, registry or chain is refused" },
    lock: true,
    foreign: NOT_FOREIGN,
    agent: SELECTED,
    credential: SELECTED,
  },
  *run({ evidence, judged }): Generator<Finding> {
    if (evidence.kind !== "lock") return;
    yield* comparePlace(evidence, judged.record.tokenId, evidence.asked);
    yield* compareApproval(evidence, judged.record.creator, evidence.asked);
  },
};

function* comparePlace(
  { registry: place }: LockEvidence,
  lockedId: bigint,
  { tokenId, registry, registries, chainId }: AskedOfLock,
): Generator<Finding> {
  const [, chain, address] = place.split(":") as [string, string, string];
  const refuse = (holds: boolean, what: string, reason: string) => checked(holds, what, "refused", reason);
  if (chainId !== undefined) {
    const reason = `The lock is of a registry on chain ${chain}, not on ${chainId}.`;
    yield refuse(BigInt(chain) === chainId, "the lock is of the chain asked for", reason);
  }
  if (registry !== undefined) {
    const reason = `The lock is of the registry ${place}, not of ${registry}.`;
    yield refuse(includes([registry], address), "the lock is of the registry asked for", reason);
  }
  if (registries !== undefined) {
    const reason = `The lock is of the registry ${place}, which is not one of those listed.`;
    yield refuse(includes(registries, place), "the lock is of one of the registries listed", reason);
  }
  if (tokenId !== undefined) {
    const reason = `The lock is of another token than the one asked for.`;
    yield refuse(lockedId === tokenId, "the lock is of the token asked for", reason);
  }
}

function* compareApproval(
  { policyDigest: approved }: LockEvidence,
  creator: string,
  { creators, policyDigest }: AskedOfLock,
): Generator<Finding> {
  if (creators !== undefined) {
    const reason = `The lock is of a model by ${creator}, who is not one of the creators allowed.`;
    yield checked(includes(creators, creator), "the lock names a creator that is allowed", "refused", reason);
  }
  if (policyDigest !== undefined) {
    const reason = "The lock was approved under another policy: verify with the chain, and write it again.";
    yield checked(approved === policyDigest, "the lock was approved under this policy", "refused", reason);
  }
}
