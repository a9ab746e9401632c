import { ProvenanceError } from "../base/errors.ts";
import type { BlockSource } from "../content/content-store.ts";
import { readManifestEntry } from "../metadata/manifest-entry.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { computeComponentOrderDigest, computeModelDigest } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import type { RecordedModel } from "./report.ts";

/** What the creator said of a model, as far as it can be read. */
export interface Statement {
  readonly metadata?: Metadata;
  /** The files in its manifest. */
  readonly expected?: readonly Resource[];
  /** Why something could not be read. */
  readonly problem?: string;
}

/** Reads what the creator said of a model. */
export async function readStatement(
  store: BlockSource | undefined,
  { metadataDigest }: Pick<RecordedModel, "metadataDigest">,
): Promise<Statement> {
  if (store === undefined) return {};
  let metadata: Metadata | undefined;
  try {
    metadata = await readMetadata(metadataDigest, store);
    return { metadata, expected: await readManifestEntry(metadata.provenance.manifest, store) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { ...(metadata && { metadata }), problem: error.message };
  }
}

/** The digests under which files may be recorded: the specification's first; OMS's Python client orders some names otherwise. */
export function digestsOf(resources: readonly Resource[]): bigint[] {
  return [...new Set([BigInt(computeModelDigest(resources)), BigInt(computeComponentOrderDigest(resources))])];
}
