import type { FieldRow } from "../form.ts";

const MODEL = "metadata.component";
const CARD = `${MODEL}.modelCard`;

/** Which of our fields becomes which of CycloneDX's. */
export const CYCLONEDX_FIELDS: readonly FieldRow[] = [
  { ours: "record.id", theirs: "serialNumber", note: "UUID version 5 of registry and token id" },
  { ours: "record.mintedAt", theirs: "metadata.timestamp" },
  { ours: "status.statements", theirs: "version", note: "one more for each statement" },
  { ours: "metadata.name", theirs: `${MODEL}.name` },
  { ours: "metadata.description", theirs: `${MODEL}.description` },
  { ours: "version", theirs: `${MODEL}.version` },
  { ours: "record.creator", theirs: `${MODEL}.authors[].name`, note: "did:pkh" },
  { ours: "publisher", theirs: `${MODEL}.supplier` },
  { ours: "record.license", theirs: `${MODEL}.licenses[]`, note: "an SPDX expression, else a name" },
  { ours: "parents", theirs: `${MODEL}.pedigree.ancestors[]` },
  { ours: "baseModels", theirs: `${MODEL}.pedigree.ancestors[].externalReferences[]` },
  { ours: "record.relation", theirs: `${MODEL}.pedigree.notes` },
  { ours: "record.metadataDigest", theirs: `${MODEL}.externalReferences[].hashes[]`, note: "type model-card" },
  { ours: "model.cid", theirs: `${MODEL}.externalReferences[]`, note: "type distribution" },
  { ours: "metadata.external_url", theirs: `${MODEL}.externalReferences[]`, note: "type website" },
  { ours: "oms.bundleCid", theirs: `${MODEL}.externalReferences[]`, note: "type attestation" },
  { ours: "task", theirs: `${CARD}.modelParameters.task` },
  { ours: "modelArchitecture", theirs: `${CARD}.modelParameters.modelArchitecture` },
  { ours: "datasets", theirs: `${CARD}.modelParameters.datasets[]` },
  { ours: "datasetCid, datasetDigest", theirs: `${CARD}.modelParameters.datasets[].contents` },
  { ours: "metrics", theirs: `${CARD}.quantitativeAnalysis.performanceMetrics[]` },
  { ours: "extensions.considerations", theirs: `${CARD}.considerations`, note: "where it has their shape" },
  { ours: "extensions.fairness", theirs: `${CARD}.considerations.fairnessAssessments[]`, note: "the same" },
  { ours: "extensions.energy", theirs: `${CARD}.considerations.environmentalConsiderations.properties[]` },
  { ours: "trainingConfig, parameters, tensors", theirs: `${CARD}.properties[]` },
  { ours: "extensions", theirs: `${CARD}.properties[]`, note: "all others, as JSON" },
  { ours: "record.tokenId, record.registry, digests", theirs: `${MODEL}.properties[]`, note: "model-provenance:…" },
  { ours: "manifest.resources", theirs: "components[].hashes[]", note: "type file" },
  { ours: "framework", theirs: "components[].version", note: "type framework" },
  { ours: "lineage.models", theirs: "dependencies[].dependsOn[]", note: "with --ancestors" },
  { ours: "status.word", theirs: "metadata.lifecycles[].phase", note: "decommission, of a revoked model" },
  { ours: "status.statements", theirs: "annotations[].text", note: "who, when and why" },
];
