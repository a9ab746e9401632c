import { checkMetadataSignature } from "../../registry/check-signature.ts";
import { type Finding, notDone, passed, warns } from "../findings.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK } from "./check.ts";

/** The metadata is signed by who recorded it: a signature that does not verify (any more) is a warning. */
export const signature: Check = {
  name: "signature",
  what: "the signature in the metadata",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: "the metadata is not read",
    root: NOT_BY_ROOT,
    pack: true,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  async *run({ judged, statement: { metadata } }): AsyncGenerator<Finding> {
    if (metadata === undefined) {
      yield notDone("the metadata could not be read");
      return;
    }
    const { place, registry, record } = judged;
    const domain = { chainId: place.chainId, registry: place.address };
    const answer = await checkMetadataSignature(metadata, record.creator, domain, registry?.provider);
    if (answer.signed === "unknown") {
      yield notDone(answer.why);
      return;
    }
    yield { kind: "facts", facts: { signed: answer.signed === "yes" } };
    yield answer.signed === "yes"
      ? passed(`the metadata is signed by its creator ${record.creator}`)
      : warns(
          `The signature in the metadata is not (or no longer) one of ${record.creator}, whose transaction recorded it.`,
        );
  },
};
