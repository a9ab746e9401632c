import type { FieldRow } from "../form.ts";

const MODEL = "ai_AIPackage[]";

/** Which of our fields becomes which of SPDX's; the first name is the type of the element. */
export const SPDX_FIELDS: readonly FieldRow[] = [
  { ours: "metadata.name", theirs: `${MODEL}.name` },
  { ours: "metadata.description", theirs: `${MODEL}.description` },
  { ours: "version", theirs: `${MODEL}.software_packageVersion` },
  { ours: "model.cid", theirs: `${MODEL}.software_downloadLocation` },
  { ours: "metadata.external_url", theirs: `${MODEL}.software_homePage` },
  { ours: "record.mintedAt", theirs: `${MODEL}.releaseTime`, note: "and CreationInfo.created" },
  { ours: "record.creator", theirs: "Agent[].name", note: "did:pkh" },
  { ours: "publisher", theirs: "Organization[].name", note: "suppliedBy" },
  { ours: "record.license", theirs: "simplelicensing_LicenseExpression[].simplelicensing_licenseExpression" },
  { ours: "task", theirs: `${MODEL}.ai_domain[]` },
  { ours: "modelArchitecture", theirs: `${MODEL}.ai_typeOfModel[]` },
  { ours: "trainingConfig", theirs: `${MODEL}.ai_hyperparameter[].value` },
  { ours: "metrics", theirs: `${MODEL}.ai_metric[].value` },
  { ours: "extensions.considerations.useCases", theirs: `${MODEL}.ai_informationAboutApplication` },
  { ours: "extensions.considerations.technicalLimitations", theirs: `${MODEL}.ai_limitation` },
  { ours: "extensions.hardware, extensions.energy", theirs: `${MODEL}.ai_informationAboutTraining` },
  { ours: "record.id", theirs: `${MODEL}.externalIdentifier[].identifier` },
  { ours: "record.metadataDigest", theirs: `${MODEL}.externalRef[].locator[]`, note: "documentation" },
  { ours: "record, digests, framework, extensions", theirs: `${MODEL}.extension[].extension_cdxProperty[]` },
  { ours: "manifest.resources", theirs: "software_File[].verifiedUsing[].hashValue", note: "contains" },
  { ours: "datasets", theirs: "dataset_DatasetPackage[].name", note: "trainedOn" },
  { ours: "datasetCid", theirs: "dataset_DatasetPackage[].software_downloadLocation" },
  { ours: "datasetDigest", theirs: "dataset_DatasetPackage[].externalIdentifier[].identifier" },
  { ours: "parents, baseModels", theirs: "Relationship[].to[]", note: "descendantOf; all with --ancestors" },
  { ours: "status.word", theirs: `${MODEL}.supportLevel[]`, note: "endOfSupport, noSupport" },
  { ours: "status.statement.time", theirs: `${MODEL}.validUntilTime`, note: "of a revoked model" },
  { ours: "status.statements", theirs: "Annotation[].statement", note: "who, when and why" },
];
