import { CID } from "multiformats/cid";
import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import { OMS_BUNDLE_MAX_BYTES } from "../model/oms-bundle.ts";
import { readBundleFacts } from "../model/oms/bundle-facts.ts";
import type { BlockSource } from "../content/content-store.ts";
import { readVerified } from "../content/unixfs/read-dag.ts";
import { readUnixfsFile } from "../content/unixfs/unixfs-file.ts";
import type { Findings } from "./report.ts";

/**
 * Checks the OMS bundle that the record carries: it signs these files, with the key that the record names, and its
 * signature is that key's where the bundle carries the key. A bundle that cannot be fetched is a warning.
 *
 * @param digests - those under which the files at hand may be signed
 * @returns false when a bundle was read that does not fit
 */
export async function checkOmsBundle(
  metadata: Metadata | undefined,
  digests: readonly bigint[],
  store: BlockSource,
  findings: Findings,
): Promise<boolean> {
  if (metadata === undefined) return true;
  const { oms } = metadata.provenance;
  if (oms === undefined) {
    findings.skip("the OMS bundle", "the record names none");
    return true;
  }
  const bytes = await findings.orWarn(async () => fetchBundle(oms.bundleCid, store));
  if (bytes === undefined) {
    findings.skip("the OMS bundle", "it could not be read");
    return true;
  }
  const facts = tryRead(bytes);
  if (facts === undefined) return findings.check(`the OMS bundle ${oms.bundleCid} is one`, false);
  const { rootDigest, keyHint, signed } = facts;
  const fits = [
    findings.check(
      "the OMS bundle on record signs exactly these files",
      rootDigest !== undefined && digests.map(toHex32).includes(rootDigest),
    ),
    findings.check(`the OMS bundle is of the key on record, ${oms.keyHint}`, keyHint === oms.keyHint),
  ];
  if (signed !== undefined) {
    fits.push(
      findings.check("the OMS bundle is signed by the key it carries (not checked: whose key that is)", signed),
    );
  } else {
    findings.warnings.push(
      `The OMS bundle only names its key: its signature was not checked. oms verify does that, with the public key ${oms.keyHint}.`,
    );
  }
  return fits.every(Boolean);
}

async function fetchBundle(cid: string, store: BlockSource): Promise<Uint8Array> {
  try {
    return await readUnixfsFile(parse(cid), readVerified(store), OMS_BUNDLE_MAX_BYTES);
  } catch (cause) {
    if (!(cause instanceof ProvenanceError)) throw cause;
    throw new ProvenanceError(cause.code, `The OMS bundle was not checked. ${cause.message}`, { cause });
  }
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

function tryRead(bytes: Uint8Array) {
  try {
    return readBundleFacts(Buffer.from(bytes).toString("utf8"));
  } catch (error) {
    if (error instanceof ProvenanceError) return undefined;
    throw error;
  }
}
