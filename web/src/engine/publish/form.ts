import {
  type Hex,
  type ModelFacts,
  type Relation,
  type Statements,
  normalizeLicense,
  parseAddress,
  parseBaseModel,
  parseContributors,
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

/** What a form says, and what is wrong in it. */
export interface ReadForm {
  readonly statements: Statements;
  /** Who gets the token; its creator where nobody is named. */
  readonly to?: string;
  readonly faults: FieldNotes;
}

/**
 * Reads the form: what differs from what was read of the model is stated, and the rest is left to what was read.
 *
 * @param account - gets the royalty where nobody else is named
 * @returns `to` too, where the token gets another owner
 */
export function readForm(form: FormValues, read: Pick<ReadModel, "model" | "facts">, account: string): ReadForm {
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
    datasetDigest: readDigest(form.datasetDigest, () => fault("datasetDigest", TEXT.digest)),
    contributors: readContributors(form.contributors, (text) => fault("contributors", text)),
    relation: stated("relation") as Relation | undefined,
    royalty: readRoyalty(form, account, fault),
  };
  const owner = form.owner.trim();
  const to = owner === "" ? undefined : parseAddress(owner);
  if (owner !== "" && to === undefined) fault("owner", TEXT.account);
  const defined = Object.entries(statements).filter(([, value]) => value !== undefined);
  return { statements: Object.fromEntries(defined), faults, ...(to !== undefined && { to }) };
}

/** 32 bytes, as tools write them: with 0x before them or without. */
function readDigest(text: string, fault: () => void): Hex | undefined {
  const digits = text.trim().toLowerCase().replace(/^0x/, "");
  if (digits === "") return undefined;
  if (/^[0-9a-f]{64}$/.test(digits)) return `0x${digits}`;
  return void fault();
}

/** As the command's file of contributors says it. */
function readContributors(text: string, fault: (text: string) => void) {
  if (text.trim() === "") return undefined;
  try {
    return parseContributors(new TextEncoder().encode(text), TEXT.contributors);
  } catch (error) {
    return void fault((error as Error).message);
  }
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

/** Per cent of the price, to the hundredth, and who gets it. */
function readRoyalty(
  { royalty, royaltyReceiver }: FormValues,
  account: string,
  fault: (field: FieldName, text: string) => void,
) {
  const text = royalty.trim().replace(",", ".");
  const named = royaltyReceiver.trim();
  const receiver = named === "" ? account : parseAddress(named);
  if (receiver === undefined) return void fault("royaltyReceiver", TEXT.account);
  if (text === "") return void (named !== "" && fault("royalty", TEXT.royaltyMissing));
  const basisPoints = Math.round(Number(text) * 100);
  if (/^\d{1,3}(\.\d{1,2})?$/.test(text)) return { receiver, basisPoints };
  return void fault("royalty", TEXT.royalty);
}

function readRelation({ baseModels = [] }: ModelFacts): Relation | undefined {
  const relations = new Set(baseModels.map(({ relation }) => relation));
  return relations.size === 1 ? [...relations][0] : undefined;
}

function lastPart(path: string): string {
  return path.split("/").findLast((part) => part !== "") ?? "";
}
