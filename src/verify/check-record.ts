import type { RecordedEvent } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { readManifestEntry } from "../metadata/manifest-entry.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { isSignedBy } from "../metadata/signature.ts";
import { computeComponentOrderDigest, computeManifestRoot, computeModelDigest } from "../model/manifest.ts";
import type { Resource } from "../model/resource.ts";
import { findContradictions } from "./find-contradictions.ts";
import type { Findings, RecordedModel, VerifyRequest } from "./report.ts";

/** The metadata of a record and the manifest it holds, as far as they can be read; what cannot be is a warning. */
export interface Statement {
  readonly metadata?: Metadata;
  readonly expected?: readonly Resource[];
}

/** Reads what the creator said of a model. */
export async function readStatement(
  { store }: Pick<VerifyRequest, "store">,
  record: RecordedModel,
  findings: Findings,
): Promise<Statement> {
  const metadata = await findings.orWarn(() => readMetadata(record.metadataDigest, store));
  if (metadata === undefined) {
    findings.skip("the metadata and its signature", "the metadata could not be read");
    return {};
  }
  const expected = await findings.orWarn(() => readManifestEntry(metadata.provenance.manifest, store));
  return { metadata, ...(expected && { expected }) };
}

/** The digests under which files may be recorded: the specification's first; OMS's Python client orders some names otherwise. */
export function digestsOf(resources: readonly Resource[]): bigint[] {
  return [...new Set([BigInt(computeModelDigest(resources)), BigInt(computeComponentOrderDigest(resources))])];
}

/** Checks that the files in the metadata are those whose digest is the token id, for who did not compute it from the files at hand. */
export function checkManifestDigest(expected: readonly Resource[], record: RecordedModel, findings: Findings): boolean {
  return findings.check(
    "the digest of the recorded files is the token id",
    digestsOf(expected).includes(record.tokenId),
  );
}

/** Compares what the metadata says with the chain. @returns false when the metadata is that of another model */
export async function checkStatements(
  { registry }: { readonly registry: Registry },
  record: RecordedModel,
  event: RecordedEvent | undefined,
  metadata: Metadata,
  expected: readonly Resource[] | undefined,
  findings: Findings,
): Promise<boolean> {
  const { provenance } = metadata;
  findings.check("the metadata has the digest that is on chain", true);
  const roots = [
    provenance.manifestRoot,
    ...(expected ? [computeManifestRoot(expected)] : []),
    ...(event ? [event.manifestRoot] : []),
  ];
  const sameModel = BigInt(provenance.modelDigest) === record.tokenId && new Set(roots).size === 1;
  findings.check("metadata and chain name the same model and manifest root", sameModel);
  for (const { field, chain, metadata: stated } of findContradictions(provenance, record, event)) {
    findings.warnings.push(`The metadata says the ${field} is ${stated}, the chain says ${chain}.`);
  }
  const domain = { chainId: registry.chainId, registry: registry.address };
  findings.signed = await isSignedBy(metadata, record.creator, domain, registry.provider);
  if (findings.signed) {
    findings.check(`the metadata is signed by its creator ${record.creator}`, true);
  } else {
    const text = `The signature in the metadata is not (or no longer) one of ${record.creator}, whose transaction recorded it.`;
    findings.warnings.push(text);
  }
  return sameModel;
}
