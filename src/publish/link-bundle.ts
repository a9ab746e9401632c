import { ProvenanceError } from "../base/errors.ts";
import { type PinnableFile, toPinnableFile } from "../metadata/manifest-entry.ts";
import type { Provenance } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { computeComponentOrderDigest } from "../model/manifest.ts";
import { type BundleFacts, readBundleFacts } from "../model/oms/bundle-facts.ts";

/** An OMS bundle as the metadata names it, and its bytes to be pinned. */
export interface AttachedBundle {
  readonly oms: NonNullable<Provenance["oms"]>;
  readonly file: PinnableFile;
}

/** A bundle that may be recorded with a model. */
export interface GivenBundle {
  readonly bytes: Uint8Array;
  /** For messages: where it lies. */
  readonly source: string;
  /** Whether somebody named it; else it merely lies in the folder. */
  readonly isNamed: boolean;
  /** How to record none, as a sentence. */
  readonly leave: string;
}

/**
 * Makes sure that an OMS bundle is about a model, and links it.
 *
 * @returns undefined, with a warning, for what nobody named and is no bundle: it is left out of the record, as it is left out
 *   of the digest
 * @throws {ProvenanceError} `OMS_BUNDLE_INVALID`, `OMS_FILES_DIFFER` if it signs other files, `OMS_SIGNATURE_INVALID` if its
 *   signature is not of the key it carries
 */
export async function linkBundle(
  { bytes, source, isNamed, leave }: GivenBundle,
  model: Pick<HashedModel, "modelDigest" | "resources">,
  warn: (text: string) => void,
): Promise<AttachedBundle | undefined> {
  let facts: BundleFacts;
  try {
    facts = await readBundleFacts(new TextDecoder().decode(bytes));
  } catch (error) {
    if (isNamed || !(error instanceof ProvenanceError)) throw error;
    warn(`${source} is not recorded. ${error.message}`);
    return undefined;
  }
  const keyHint = assertFits(facts, model, source, leave);
  const file = await toPinnableFile(bytes);
  return { oms: { bundleCid: file.root.toString(), keyHint }, file };
}

function assertFits(
  { rootDigest, keyHint, signed }: BundleFacts,
  { modelDigest, resources }: Pick<HashedModel, "modelDigest" | "resources">,
  source: string,
  leave: string,
): string {
  const digests = [modelDigest, computeComponentOrderDigest(resources)];
  if (rootDigest === undefined || !digests.includes(rootDigest)) {
    throw new ProvenanceError(
      "OMS_FILES_DIFFER",
      `The OMS bundle ${source} signs the root ${rootDigest ?? "(none stated)"}; this model's is ${modelDigest}. ${leave}`,
    );
  }
  if (signed === false) {
    throw new ProvenanceError("OMS_SIGNATURE_INVALID", `${source} was not signed by the key it carries. ${leave}`);
  }
  if (keyHint !== undefined) return keyHint;
  throw new ProvenanceError("OMS_BUNDLE_INVALID", `The OMS bundle ${source} does not name its key. ${leave}`);
}
