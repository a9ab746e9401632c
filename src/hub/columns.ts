import type { Provenance } from "../metadata/schema.ts";
import type { HubExtension } from "./hub-extension.ts";
import type { SpecialTokens } from "./special-tokens.ts";

/** The columns of the proof of concept that this continues, in its order. */
export const COLUMNS = [
  "Model Name",
  "Architecture",
  "Vocabulary Size",
  "Special Tokens",
  "Model Category",
  "Model Type",
  "Last Modified",
] as const;

/** What is written where nothing is known. */
export const MISSING = "N/A";

/** The values of {@link COLUMNS} for one model; what is missing is `N/A`. */
export type ColumnValues = { readonly [Column in (typeof COLUMNS)[number]]: string | number | SpecialTokens };

/** The columns after the first seven. */
export const MORE_COLUMNS = [
  "Modality",
  "Library",
  "License",
  "Parameters",
  "Datasets",
  "Metrics",
  "Base Models",
  "Relation",
  "Vocabulary Size From",
  "Revision",
  "Model Digest",
  "Manifest Root",
  "Weights Digest",
] as const;

/** What {@link MORE_COLUMNS} are read from: a provenance, or what will become one. */
export type ColumnSource = Pick<
  Provenance,
  "license" | "parameters" | "datasets" | "metrics" | "modelDigest" | "manifestRoot" | "weightsDigest"
> & { readonly baseModels?: readonly string[] | undefined; readonly relation?: string | undefined };

/** The first seven columns of a model. */
export function toColumns(hub: HubExtension): ColumnValues {
  return {
    "Model Name": hub.repository,
    Architecture: hub.architecture ?? MISSING,
    "Vocabulary Size": hub.vocabularySize ?? MISSING,
    "Special Tokens": hub.specialTokens ?? MISSING,
    "Model Category": hub.category,
    "Model Type": hub.task ?? MISSING,
    "Last Modified": hub.lastModified ?? MISSING,
  };
}

/** All columns of a model as texts: lists and objects as JSON. */
export function toCells(hub: HubExtension, source: ColumnSource): string[] {
  const first = toColumns(hub);
  const more: Record<(typeof MORE_COLUMNS)[number], unknown> = {
    Modality: hub.modality,
    Library: hub.library,
    License: source.license,
    Parameters: source.parameters?.byDtype,
    Datasets: source.datasets?.map(({ name }) => name),
    Metrics: source.metrics,
    "Base Models": source.baseModels,
    Relation: source.relation,
    "Vocabulary Size From": hub.vocabularySizeFrom,
    Revision: hub.revision,
    "Model Digest": source.modelDigest,
    "Manifest Root": source.manifestRoot,
    "Weights Digest": source.weightsDigest,
  };
  return [...COLUMNS.map((column) => toCell(first[column])), ...MORE_COLUMNS.map((column) => toCell(more[column]))];
}

function toCell(value: unknown): string {
  if (value === undefined) return MISSING;
  return typeof value === "string" ? value : JSON.stringify(value);
}
