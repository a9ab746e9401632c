import { join } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import { type PinnableFile, toPinnableFile } from "../metadata/manifest-entry.ts";
import type { Provenance } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { computeComponentOrderDigest } from "../model/manifest.ts";
import { OMS_BUNDLE_MAX_BYTES, OMS_BUNDLE_NAME } from "../model/oms-bundle-form.ts";
import { type BundleFacts, readBundleFacts } from "../model/oms/bundle-facts.ts";

/** What `OMS_BUNDLE` says to leave a bundle in the folder out of the record. */
export const NO_BUNDLE = "none";

/** An OMS bundle as the metadata names it, and its bytes to be pinned. */
export interface AttachedBundle {
  readonly oms: NonNullable<Provenance["oms"]>;
  readonly file: PinnableFile;
}

/**
 * Reads the OMS bundle that is to be recorded with a model, and makes sure that it is about this model.
 *
 * @param path - of the bundle; the folder's own `model.sig` when left out; `none` for no bundle
 * @returns undefined where there is none
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`, `OMS_FILES_DIFFER` if it signs other files, `OMS_SIGNATURE_INVALID`
 *   if its signature is not of the key it carries, `OPTION_INVALID` if it cannot be read
 */
export async function attachBundle(
  path: string | undefined,
  model: HashedModel,
  warn: (text: string) => void,
): Promise<AttachedBundle | undefined> {
  if (path === NO_BUNDLE) return undefined;
  const isOwn = model.excluded.some(({ name, reason }) => name === OMS_BUNDLE_NAME && reason === "OMS bundle");
  const source = path ?? (isOwn ? join(model.path, OMS_BUNDLE_NAME) : undefined);
  if (source === undefined) return undefined;
  const bytes = await readGivenFile(source, { what: "The OMS bundle", maxBytes: OMS_BUNDLE_MAX_BYTES });
  let facts: BundleFacts;
  try {
    facts = await readBundleFacts(bytes.toString("utf8"));
  } catch (error) {
    // What nobody asked for and is no bundle is left out of the record, as it is left out of the digest.
    if (path !== undefined || !(error instanceof ProvenanceError)) throw error;
    warn(`${source} is not recorded. ${error.message}`);
    return undefined;
  }
  const keyHint = assertFits(facts, model, source);
  const file = await toPinnableFile(bytes);
  return { oms: { bundleCid: file.root.toString(), keyHint }, file };
}

function assertFits({ rootDigest, keyHint, signed }: BundleFacts, model: HashedModel, source: string): string {
  const digests = [model.modelDigest, computeComponentOrderDigest(model.resources)];
  const leave = `Sign the model again, or set OMS_BUNDLE=${NO_BUNDLE} to record none.`;
  if (rootDigest === undefined || !digests.includes(rootDigest)) {
    throw new ProvenanceError(
      "OMS_FILES_DIFFER",
      `The OMS bundle ${source} signs the root ${rootDigest ?? "(none stated)"}; this model's is ${model.modelDigest}. ${leave}`,
    );
  }
  if (signed === false) {
    throw new ProvenanceError("OMS_SIGNATURE_INVALID", `${source} was not signed by the key it carries. ${leave}`);
  }
  if (keyHint !== undefined) return keyHint;
  throw new ProvenanceError("OMS_BUNDLE_INVALID", `The OMS bundle ${source} does not name its key. ${leave}`);
}
