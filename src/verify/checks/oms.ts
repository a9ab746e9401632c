import { CID } from "multiformats/cid";
import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { readVerified } from "../../content/unixfs/read-dag.ts";
import { readUnixfsFile } from "../../content/unixfs/unixfs-file.ts";
import { checked, failed, type Finding, notDone, orElse, warns } from "../findings.ts";
import { digestsOf } from "../statement.ts";
import { OMS_BUNDLE_MAX_BYTES } from "../../model/oms-bundle-form.ts";
import { type BundleFacts, readBundleFacts } from "../../model/oms/bundle-facts.ts";
import { type Check, NOT_BY_ROOT, NOT_FOREIGN, NOT_IN_LOCK } from "./check.ts";

/** What is said of a signature by a key that nobody vouches for. */
export const SIGNED_BY_CARRIED = "the OMS bundle is signed by the key it carries (not checked: whose key that is)";
const UNFIT = "The OMS bundle on record does not fit this model.";

/**
 * The OMS bundle that the record names signs these files, with the key that the record names, and its signature is that
 * key's where the bundle carries the key. One that cannot be fetched is a warning.
 */
export const oms: Check = {
  name: "oms",
  what: "the OMS bundle",
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
  async *run({ statement: { metadata, expected }, hashed, store }): AsyncGenerator<Finding> {
    const files = hashed?.resources ?? expected;
    if (metadata === undefined || files === undefined || store === undefined) {
      yield notDone("the metadata could not be read");
      return;
    }
    const { oms: named } = metadata.provenance;
    if (named === undefined) {
      yield notDone("the record names none");
      return;
    }
    let problem = "";
    const bytes = await orElse(
      async () => fetchBundle(named.bundleCid, store),
      (message) => (problem = message),
    );
    if (bytes === undefined) {
      yield warns(`The OMS bundle was not checked. ${problem}`);
      yield notDone("it could not be read");
      return;
    }
    yield* compare(await tryRead(bytes), named, digestsOf(files).map(toHex32));
  },
};

/** Reads an OMS bundle by its CID; what it holds is checked against that. */
export async function fetchBundle(cid: string, store: BlockSource): Promise<Uint8Array> {
  return readUnixfsFile(parse(cid), readVerified(store), OMS_BUNDLE_MAX_BYTES);
}

function* compare(
  facts: BundleFacts | undefined,
  { bundleCid, keyHint: expectedKey }: { readonly bundleCid: string; readonly keyHint: string },
  digests: readonly string[],
): Generator<Finding> {
  if (facts === undefined) {
    yield failed("differs", `the OMS bundle ${bundleCid} is one`, UNFIT);
    return;
  }
  const { rootDigest, keyHint, signed } = facts;
  const isOfFiles = rootDigest !== undefined && digests.includes(rootDigest);
  yield checked(isOfFiles, "the OMS bundle on record signs exactly these files", "differs", UNFIT);
  yield checked(keyHint === expectedKey, `the OMS bundle is of the key on record, ${expectedKey}`, "differs", UNFIT);
  if (signed === undefined) {
    yield warns(
      `The OMS bundle only names its key: its signature was not checked. oms verify does that, with the public key ${expectedKey}.`,
    );
    return;
  }
  yield checked(signed, SIGNED_BY_CARRIED, "differs", UNFIT);
}

function parse(cid: string): CID {
  try {
    return CID.parse(cid);
  } catch (cause) {
    throw new ProvenanceError("METADATA_INVALID", `The metadata names ${JSON.stringify(cid)}, which is no CID.`, {
      cause,
    });
  }
}

async function tryRead(bytes: Uint8Array): Promise<BundleFacts | undefined> {
  try {
    return await readBundleFacts(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof ProvenanceError) return undefined;
    throw error;
  }
}
