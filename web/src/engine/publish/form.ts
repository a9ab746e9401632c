import {
  type ModelFacts,
  type Relation,
  type Statements,
  normalizeLicense,
  parseBaseModel,
  parseFramework,
  parseMetric,
  parseTokenId,
} from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";
import type { ReadModel } from "./read-picked.ts";

const TEXT = STRINGS.publish.faults;

/** The fields of the form, as they are typed. */
export type FieldName = keyof typeof STRINGS.publish.fields;
/** What stands in them. */
export type FormValues = Readonly<Record<FieldName, string>>;
/** What is wrong with what was typed, or should be known of it, by field. */
export type FieldNotes = Readonly<Partial<Record<FieldName, readonly string[]>>>;

const EMPTY = Object.fromEntries(Object.keys(STRINGS.publish.fields).map((name) => [name, ""])) as FormValues;

/** Fills the form with what was read. */
export function fillForm({ model, facts }: Pick<ReadModel, "model" | "facts">): FormValues {
  const { name, description, version, task, license, framework, metrics, baseModels = [] } = facts;
  return {
    ...EMPTY,
    name: name ?? lastPart(model.path),
    description: description ?? "",
    version: version ?? "",
    task: task ?? "",
    license: normalizeLicense(license ?? "") ?? "",
    framework: [framework?.name, framework?.version].filter(Boolean).join(" "),
    metrics: (metrics ?? []).map((metric) => `${metric.name}=${metric.value}`).join("\n"),
    baseModels: baseModels.map(({ uri }) => uri).join("\n"),
    relation: readRelation(facts) ?? "",
  };
}

/**
 * Reads the form: what differs from what was read of the model is stated, and the rest is left to what was read.
 *
 * @param account - gets the royalty where nobody else is named
 */
export function readForm(
  form: FormValues,
  read: Pick<ReadModel, "model" | "facts">,
  account: string,
): { readonly statements: Statements; readonly faults: FieldNotes } {
  const before = fillForm(read);
  const faults: Partial<Record<FieldName, string[]>> = {};
  const fault = (field: FieldName, text: string) => void (faults[field] ??= []).push(text);
  const stated = (field: FieldName) => {
    const text = form[field].trim();
    return text === "" || text === before[field] ? undefined : text;
  };
  const lines = (field: FieldName) => stated(field)?.split(/[\n,]/).map((line) => line.trim()).filter(Boolean); // prettier-ignore
  const framework = stated("framework");
  const statements = {
    ...Object.fromEntries(
      (["name", "description", "externalUrl", "version", "license", "task", "datasetCid", "publisher"] as const).map(
        (field) => [field, stated(field)],
      ),
    ),
    framework: framework === undefined ? undefined : parseFramework(framework),
    metrics: lines("metrics")?.flatMap((line) => parseMetric(line) ?? (fault("metrics", TEXT.metric(line)), [])),
    baseModels: lines("baseModels")?.map(parseBaseModel),
    parents: lines("parents")?.flatMap((line) => readToken(line, (text) => fault("parents", text))),
    relation: stated("relation") as Relation | undefined,
    royalty: readRoyalty(form, account, (text) => fault("royalty", text)),
  };
  const defined = Object.entries(statements).filter(([, value]) => value !== undefined);
  return { statements: Object.fromEntries(defined), faults };
}

/** A token id, with its registry before it or without. */
function readToken(text: string, fault: (text: string) => void): bigint[] {
  try {
    const id = parseTokenId(text.split("/").at(-1) ?? "");
    if (id !== undefined) return [id];
    fault(TEXT.token(text));
  } catch (error) {
    fault((error as Error).message);
  }
  return [];
}

/** Per cent of the price, to the hundredth. */
function readRoyalty({ royalty, royaltyReceiver }: FormValues, account: string, fault: (text: string) => void) {
  const text = royalty.trim().replace(",", ".");
  const receiver = royaltyReceiver.trim();
  if (text === "") return void (receiver !== "" && fault(TEXT.royaltyMissing));
  const basisPoints = Math.round(Number(text) * 100);
  if (/^\d{1,3}(\.\d{1,2})?$/.test(text)) return { receiver: receiver || account, basisPoints };
  return void fault(TEXT.royalty);
}

function readRelation({ baseModels = [] }: ModelFacts): Relation | undefined {
  const relations = new Set(baseModels.map(({ relation }) => relation));
  return relations.size === 1 ? [...relations][0] : undefined;
}

function lastPart(path: string): string {
  return path.split("/").findLast((part) => part !== "") ?? "";
}
