import type { FieldRow } from "../form.ts";

const BUILD = "predicate.buildDefinition";
const STATED = `${BUILD}.externalParameters`;
const RECORDED = `${BUILD}.internalParameters`;
const NEEDED = `${BUILD}.resolvedDependencies[]`;
const FAILED = "summary.predicate";

/** Which of our fields becomes which of in-toto's and SLSA's; `summary` is the second statement, of a revoked model. */
export const IN_TOTO_FIELDS: readonly FieldRow[] = [
  { ours: "manifest.resources", theirs: "subject[].digest.sha256" },
  { ours: "metadata.name", theirs: `${STATED}.name` },
  { ours: "metadata.description", theirs: `${STATED}.description` },
  { ours: "version", theirs: `${STATED}.version` },
  { ours: "record.license", theirs: `${STATED}.license` },
  { ours: "framework", theirs: `${STATED}.framework` },
  { ours: "task", theirs: `${STATED}.task` },
  { ours: "modelArchitecture", theirs: `${STATED}.modelArchitecture` },
  { ours: "parameters", theirs: `${STATED}.parameters` },
  { ours: "trainingConfig", theirs: `${STATED}.trainingConfig` },
  { ours: "metrics", theirs: `${STATED}.metrics[]` },
  { ours: "extensions", theirs: `${STATED}.extensions` },
  { ours: "record.registry, record.tokenId, digests", theirs: `${RECORDED}.record` },
  { ours: "record.mintedAt", theirs: `${RECORDED}.record.recordedAt` },
  { ours: "publisher", theirs: `${RECORDED}.record.publisher` },
  { ours: "status", theirs: `${RECORDED}.status` },
  { ours: "metadata.signature", theirs: `${RECORDED}.evidence`, note: "EIP-712, as evidence" },
  { ours: "parents", theirs: `${NEEDED}.annotations.relation`, note: "digest: modelDigest" },
  { ours: "baseModels, datasets", theirs: `${NEEDED}.uri` },
  { ours: "datasetCid, datasetDigest", theirs: `${NEEDED}.digest.modelDigest`, note: "training data" },
  { ours: "record.creator", theirs: "predicate.runDetails.builder.id", note: "did:pkh" },
  { ours: "record.id", theirs: "predicate.runDetails.metadata.invocationId" },
  { ours: "record.metadataDigest", theirs: "predicate.runDetails.byproducts[].digest.sha256" },
  { ours: "status.word", theirs: `${FAILED}.verificationResult`, note: "FAILED, of a revoked model" },
  { ours: "status.statement", theirs: `${FAILED}.verifier.id`, note: "who revoked it" },
  { ours: "status.statement.time", theirs: `${FAILED}.timeVerified` },
  { ours: "status.statement.reason", theirs: `${FAILED}.policy.uri` },
];
