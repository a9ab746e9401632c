import { checked, type Finding, notDone, warns } from "../findings.ts";
import { parseRoot, possibleRoots } from "../possible-roots.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK } from "./check.ts";

const SOME = "only some files were read";

/** Equal digests do not say that what lies under the recorded CID is this model: where the CID was computed, it is compared. */
export const cid: Check = {
  name: "cid",
  what: "the CID of the files",
  ways: {
    digests: true,
    cid: { by: "it is what was compared" },
    files: SOME,
    proof: SOME,
    root: NOT_BY_ROOT,
    pack: true,
    lock: NOT_IN_LOCK,
    foreign: NOT_FOREIGN,
    agent: "no file was read",
    credential: "no file was read",
  },
  *run({ hashed, statement: { metadata, expected } }): Generator<Finding> {
    if (hashed?.cid === undefined || hashed.leafDigests === undefined) {
      yield notDone("it was not computed (--with-cid does)");
      return;
    }
    if (metadata === undefined) {
      yield notDone("the metadata could not be read");
      return;
    }
    const { kind, resources, leafDigests } = hashed;
    const { model } = metadata.provenance;
    const root = parseRoot(model);
    if (root === undefined) {
      const why = model === undefined ? "the record names none" : `it cannot be built here (profile ${model.profile})`;
      yield warns(`The CID of the files was computed and could not be compared: ${why}.`);
      return;
    }
    const withLeaves = resources.map(({ name, size }, i) => ({
      name,
      size,
      leafDigests: leafDigests[i] as Uint8Array,
    }));
    const roots = [hashed.cid, ...possibleRoots(kind, withLeaves, expected)];
    const what = `the CID of the files is the recorded one, ${root.toString()}`;
    yield checked(
      roots.includes(root.toString()),
      what,
      "differs",
      "The metadata on record is not that of this model.",
    );
  },
};
