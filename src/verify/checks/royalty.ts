import { readRoyalty } from "../../registry/royalties.ts";
import { within } from "../../base/deadline.ts";
import { type Finding, passed, warns } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK, NOT_IN_PACK, registryOf } from "./check.ts";

const BASIS_POINTS = 10_000n;

/** The royalty on chain is the one that was signed, where one was. */
export const royalty: Check = {
  name: "royalty",
  what: "the royalty",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: "the metadata is not read",
    root: NOT_BY_ROOT,
    pack: NOT_IN_PACK,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  async *run({ judged, statement: { metadata }, found }): AsyncGenerator<Finding> {
    const signed = metadata?.provenance.royalty;
    if (signed === undefined || judged.batch !== undefined) return;
    const registry = registryOf(judged);
    const now = await within(found.deadline, async () => readRoyalty(registry, judged.record.tokenId, BASIS_POINTS));
    const isSame =
      now.receiver.toLowerCase() === signed.receiver.toLowerCase() && now.amount === BigInt(signed.basisPoints);
    yield isSame
      ? passed("the royalty is the one that was signed")
      : warns(
          `The royalty is now ${now.amount} basis points to ${now.receiver}; signed were ${signed.basisPoints} to ${signed.receiver}.`,
        );
  },
};
