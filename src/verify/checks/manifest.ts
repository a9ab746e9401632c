import { computeManifestRoot } from "../../model/manifest.ts";
import { checked, notDone } from "../findings.ts";
import { digestsOf } from "../statement.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN } from "./check.ts";

const OTHER = "The metadata on record is not that of this model.";

/** Metadata, its manifest and the chain are about the same model. */
export const manifest: Check = {
  name: "manifest",
  what: "the manifest",
  ways: {
    digests: true,
    cid: true,
    files: true,
    proof: "a proof does without it",
    root: NOT_BY_ROOT,
    pack: true,
    lock: { by: "the lock is a manifest itself, whose digest is its token id" },
    foreign: NOT_FOREIGN,
    agent: true,
    credential: true,
  },
  *run({ way, statement: { metadata, expected }, judged, event }) {
    if (metadata === undefined) {
      yield notDone("the metadata could not be read");
      return;
    }
    const { modelDigest, manifestRoot } = metadata.provenance;
    const roots = new Set([
      manifestRoot,
      ...(expected ? [computeManifestRoot(expected)] : []),
      ...(event ? [event.manifestRoot] : []),
    ]);
    const same = BigInt(modelDigest) === judged.record.tokenId && roots.size === 1;
    yield checked(same, "metadata and chain name the same model and manifest root", "differs", OTHER);
    if (way === "digests" || expected === undefined) return;
    const isOwn = digestsOf(expected).includes(judged.record.tokenId);
    yield checked(isOwn, "the digest of the recorded files is the token id", "differs", OTHER);
  },
};
