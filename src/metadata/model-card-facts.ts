import { parseDocument } from "yaml";
import { type Relation, parseRelation } from "../model/relation.ts";

/** What a Hugging Face model card says of a model. */
export interface CardFacts {
  readonly name?: string;
  readonly description?: string;
  /** As written in the card, not yet SPDX. */
  readonly license?: string;
  readonly task?: string;
  readonly framework?: { name: string; version?: string };
  readonly datasets?: { name: string }[];
  readonly metrics?: { name: string; value: number | string; dataset?: string; split?: string }[];
  readonly baseModels?: string[];
  readonly baseModelRelation?: Relation;
  readonly version?: string;
}

const MAX_FRONT_MATTER = 256 * 1024;
const MAX_ENTRIES = 100;
// What the metadata holds of most texts, and of versions and names of frameworks.
const MAX_TEXT = 256;
const MAX_SHORT_TEXT = 64;

/**
 * Reads the front matter of a model card, and the first paragraph of its text as the description.
 *
 * @param warn - called when the front matter is malformed; the card is then read as if it had none
 * @see Hugging Face Hub documentation, "Model Cards", metadata specification
 */
export function readCard(card: string, warn: (text: string) => void): CardFacts {
  const match = /^\uFEFF?---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n|$)/.exec(card);
  const body = match === null ? card : card.slice(match[0].length);
  const front = match === null ? {} : parseFrontMatter(match[1] as string, warn);
  const description = firstParagraph(body);
  return { ...readFrontMatter(front), ...(description !== undefined && { description }) };
}

function parseFrontMatter(source: string, warn: (text: string) => void): Record<string, unknown> {
  if (source.length > MAX_FRONT_MATTER) {
    warn(`README.md: the front matter has more than ${MAX_FRONT_MATTER} characters and was not read.`);
    return {};
  }
  try {
    const document = parseDocument(source, { schema: "core", logLevel: "silent", uniqueKeys: false });
    if (document.errors.length > 0) throw document.errors[0] as Error;
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return isRecord(value) ? value : {};
  } catch (error) {
    warn(`README.md: the front matter is not valid YAML and was not read: ${(error as Error).message.split("\n")[0]}`);
    return {};
  }
}

function readFrontMatter(front: Record<string, unknown>): CardFacts {
  const index = firstRecord(front["model-index"]);
  const license = textOf(front["license"]);
  const relation = textOf(front["base_model_relation"]);
  const framework = textOf(front["library_name"], MAX_SHORT_TEXT);
  return dropUndefined({
    name: textOf(index?.["name"]),
    license: license === "other" ? textOf(front["license_name"]) : license,
    task: textOf(front["pipeline_tag"]),
    framework: framework === undefined ? undefined : { name: framework },
    datasets: nonEmpty(textsOf(front["datasets"]).map((name) => ({ name }))),
    metrics: nonEmpty(readMetrics(index)),
    baseModels: nonEmpty(textsOf(front["base_model"])),
    baseModelRelation: relation === undefined ? undefined : parseRelation(relation),
    version: textOf(front["version"], MAX_SHORT_TEXT),
  });
}

function readMetrics(index: Record<string, unknown> | undefined): NonNullable<CardFacts["metrics"]> {
  return recordsOf(index?.["results"]).flatMap((result) => {
    const dataset = isRecord(result["dataset"]) ? result["dataset"] : {};
    return recordsOf(result["metrics"]).flatMap((metric) => {
      const name = textOf(metric["type"]) ?? textOf(metric["name"]);
      const value = metric["value"];
      if (name === undefined || !isMetricValue(value)) return [];
      return [dropUndefined({ name, value, dataset: textOf(dataset["name"]), split: textOf(dataset["split"]) })];
    });
  });
}

function firstParagraph(body: string): string | undefined {
  const paragraphs = body.replaceAll(/```[\s\S]*?(```|$)/g, "").split(/\r?\n\s*\r?\n/);
  const first = paragraphs.map((part) => part.trim()).find((part) => part !== "" && !/^([#<>|!]|\[!|---)/.test(part));
  return first?.replaceAll(/\s+/g, " ").slice(0, 500).toWellFormed();
}

function isMetricValue(value: unknown): value is number | string {
  return typeof value === "number" ? Number.isFinite(value) : textOf(value) !== undefined;
}

function textOf(value: unknown, max = MAX_TEXT): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  if (typeof text !== "string") return undefined;
  const trimmed = text.trim();
  return trimmed !== "" && trimmed.length <= max && trimmed.isWellFormed() ? trimmed : undefined;
}

function textsOf(value: unknown): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.slice(0, MAX_ENTRIES).flatMap((entry) => textOf(entry) ?? []);
}

function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.slice(0, MAX_ENTRIES).filter(isRecord) : [];
}

function firstRecord(value: unknown): Record<string, unknown> | undefined {
  return recordsOf(value)[0];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function nonEmpty<T>(list: T[]): T[] | undefined {
  return list.length === 0 ? undefined : list;
}

type Defined<T> = { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

function dropUndefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Defined<T>;
}
