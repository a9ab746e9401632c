import { statedDescription } from "../../metadata/default-description.ts";
import { isSpdxExpression } from "../../metadata/license.ts";
import { metadataUri, toIriReference, toIsoTime, versionOf } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { listProperties, toProperties } from "../properties.ts";
import type { Agents } from "./agents.ts";
import type { Graph } from "./graph.ts";

// What remains of support, in the words that SPDX has.
const SUPPORT = { active: undefined, deprecated: "endOfSupport", revoked: "noSupport" } as const;

/** Adds the model and its licence. @returns the model's IRI */
export function addModel(model: ExportedModel, graph: Graph, { supplier, creator }: Agents): string {
  const { record, metadata, status } = model;
  const { task, modelArchitecture, trainingConfig = {}, metrics = [], model: content } = metadata.provenance;
  const version = versionOf(model);
  const description = statedDescription(metadata);
  const supportLevel = SUPPORT[status.word];
  const { statement } = status;
  const root = graph.add("ai_AIPackage", "Model", {
    name: metadata.name,
    ...(description !== undefined && { description }),
    ...(version !== undefined && { software_packageVersion: version }),
    ...(content !== undefined && { software_downloadLocation: `ipfs://${content.cid}` }),
    ...(metadata.external_url !== undefined && { software_homePage: toIriReference(metadata.external_url) }),
    software_primaryPurpose: "model",
    suppliedBy: supplier,
    originatedBy: [creator],
    releaseTime: toIsoTime(record.mintedAt),
    // A revoked model may not be used since: that is all that validity can mean here.
    ...(status.word === "revoked" && statement && { validUntilTime: toIsoTime(statement.time) }),
    ...(supportLevel !== undefined && { supportLevel: [supportLevel] }),
    ...(task !== undefined && { ai_domain: [task] }),
    ...(modelArchitecture !== undefined && { ai_typeOfModel: [modelArchitecture] }),
    ...toEntries("ai_hyperparameter", Object.entries(trainingConfig)),
    ...toEntries(
      "ai_metric",
      metrics.map(({ name, value, dataset, split }) => [[name, dataset, split].filter(Boolean).join(", "), value]),
    ),
    ...listConsiderations(metadata.provenance.extensions ?? {}),
    externalIdentifier: [
      {
        type: "ExternalIdentifier",
        externalIdentifierType: "other",
        identifier: model.id,
        identifierLocator: [metadataUri(model)],
        comment: "registry (CAIP-10) and token id",
      },
    ],
    externalRef: listReferences(model),
    extension: [toExtension(model)],
  });
  addLicense(record.license, graph, root, "License");
  return root;
}

/** Whether all is known that the AI profile asks for. */
export function isWholePackage(model: ExportedModel): boolean {
  return versionOf(model) !== undefined && model.metadata.provenance.model !== undefined;
}

/** Adds what a licence says; a text that is no SPDX expression is the name of one. */
export function addLicense(license: string, graph: Graph, from: string, part: string): void {
  if (license === "") return;
  const isExpression = isSpdxExpression(license);
  const expression = isExpression ? license : `LicenseRef-${license.replaceAll(/[^A-Za-z0-9.-]+/g, "-")}`;
  const id = graph.add("simplelicensing_LicenseExpression", part, {
    ...(!isExpression && { comment: `Its publisher calls it ${license}` }),
    simplelicensing_licenseExpression: expression,
  });
  graph.relate("hasDeclaredLicense", from, [id]);
}

/** What the creator says of use and limits, where it is said in words. */
function listConsiderations({ considerations, hardware, energy }: Readonly<Record<string, unknown>>) {
  const { useCases, technicalLimitations } = (considerations ?? {}) as Record<string, unknown>;
  const training = toProperties({ hardware, energy }).map(({ name, value }) => `${name.split(":")[1]}: ${value}`);
  return {
    ...toText("ai_informationAboutApplication", useCases),
    ...toText("ai_limitation", technicalLimitations),
    ...(training.length > 0 && { ai_informationAboutTraining: training.join("; ") }),
  };
}

function toText(key: string, texts: unknown): Record<string, string> {
  const isTexts = Array.isArray(texts) && texts.length > 0 && texts.every((text) => typeof text === "string");
  return isTexts ? { [key]: texts.join("; ") } : {};
}

function toEntries(key: string, entries: readonly (readonly [string, unknown])[]): Record<string, object[]> {
  if (entries.length === 0) return {};
  const write = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  return { [key]: entries.map(([name, value]) => ({ type: "DictionaryEntry", key: name, value: write(value) })) };
}

function listReferences(model: ExportedModel): object[] {
  const { oms } = model.metadata.provenance;
  const toRef = (externalRefType: string, locator: string, comment: string) => {
    return { type: "ExternalRef", externalRefType, locator: [locator], comment };
  };
  return [
    toRef(
      "documentation",
      metadataUri(model),
      `the recorded metadata, SHA-256 ${model.record.metadataDigest.slice(2)}`,
    ),
    ...(oms === undefined ? [] : [toRef("other", `ipfs://${oms.bundleCid}`, "OpenSSF Model Signing bundle")]),
  ];
}

/** The record, and what else the creator says, as properties: SPDX takes those of CycloneDX. */
function toExtension(model: ExportedModel): object {
  const { extensions = {} } = model.metadata.provenance;
  const stated = toProperties(
    Object.fromEntries(Object.entries(extensions).map(([key, value]) => [`extensions.${key}`, value])),
  );
  return {
    type: "extension_CdxPropertiesExtension",
    extension_cdxProperty: [...listProperties(model), ...stated].map(({ name, value }) => ({
      type: "extension_CdxPropertyEntry",
      extension_cdxPropName: name,
      extension_cdxPropValue: value,
    })),
  };
}
