import { join } from "node:path";
import { readGivenFile } from "../base/given-file.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { OMS_BUNDLE_MAX_BYTES, OMS_BUNDLE_NAME } from "../model/oms-bundle-form.ts";
import { type AttachedBundle, linkBundle } from "./link-bundle.ts";

/** What `OMS_BUNDLE` says to leave a bundle in the folder out of the record. */
export const NO_BUNDLE = "none";

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
  const leave = `Sign the model again, or set OMS_BUNDLE=${NO_BUNDLE} to record none.`;
  return linkBundle({ bytes, source, isNamed: path !== undefined, leave }, model, warn);
}
