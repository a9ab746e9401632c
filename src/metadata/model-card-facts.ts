import { type BaseModel, type CardDataset, readBaseModels, readDatasets } from "./card-origin.ts";
import { CardReader, isRecord } from "./card-reader.ts";
import { WrittenNumber, partCard } from "./front-matter.ts";
import { combineLicenses, normalizeLicense, splitLicenses } from "./license.ts";

/** What a Hugging Face model card says of a model. */
export interface CardFacts {
  readonly name?: string;
  readonly description?: string;
  /** As written in the card, not yet SPDX; of several licences all of them. */
  readonly license?: string;
  readonly task?: string;
  readonly framework?: { name: string; version?: string };
  readonly datasets?: CardDataset[];
  readonly metrics?: { name: string; value: number | string; dataset?: string; split?: string }[];
  readonly baseModels?: BaseModel[];
  readonly version?: string;
}

const MAX_METRICS = 100;
// What the metadata holds of versions and names of frameworks.
const MAX_SHORT_TEXT = 64;

/**
 * Reads the front matter of a model card, and the first paragraph of its text as the description.
 *
 * @param warn - called when the front matter is malformed, which is then read as if there were none, and with one sentence
 *   for each value that is not used
 * @see Hugging Face Hub documentation, "Model Cards", metadata specification
 */
export function readCard(card: string, warn: (text: string) => void): CardFacts {
  const { front, body } = partCard(card, warn);
  const reader = new CardReader(front, warn);
  const framework = reader.text("library_name", MAX_SHORT_TEXT);
  return dropUndefined({
    ...readIndex(reader),
    license: readLicense(reader),
    task: reader.text("pipeline_tag"),
    framework: framework === undefined ? undefined : { name: framework },
    datasets: nonEmpty(readDatasets(reader)),
    baseModels: nonEmpty(readBaseModels(reader)),
    version: reader.text("version", MAX_SHORT_TEXT),
    description: firstParagraph(body),
  });
}

/** Several licences are all of them: nobody can tell whether one may choose. */
function readLicense(card: CardReader): string | undefined {
  const licenses = card
    .texts("license")
    .flatMap(splitLicenses)
    .map((license) => (license.toLowerCase() === "other" ? nameOfOther(card) : license));
  if (new Set(licenses.map(normalizeLicense)).size > 1) {
    card.warn(
      "license",
      `several are named, and recorded as all of them: ${licenses.join(", ")} (MODEL_LICENSE says otherwise)`,
    );
  }
  return combineLicenses(licenses);
}

function nameOfOther(card: CardReader): string {
  const name = card.text("license_name");
  if (name === undefined) card.warn("license", "it is called other, and has no license_name");
  return name ?? "other";
}

/** The name of the first entry of `model-index`, and the metrics of all, as huggingface_hub reads them. */
function readIndex(card: CardReader): Pick<Partial<CardFacts>, "name" | "metrics"> {
  const key = "model-index";
  const entries = card.entries(key).filter((entry) => {
    if (!isRecord(entry)) card.warn(key, "an entry is no object");
    return isRecord(entry);
  });
  const names = entries.flatMap(({ name }) => card.textOf(key, name) ?? []);
  if (new Set(names).size > 1) card.warn(key, `the model is named ${names.join(", ")}, and recorded as ${names[0]}`);
  const metrics = entries.flatMap(({ results }) => listOf(card, results).flatMap((result) => readResult(card, result)));
  if (metrics.length > MAX_METRICS)
    card.warn(key, `only the first ${MAX_METRICS} of ${metrics.length} metrics are recorded`);
  return dropUndefined({ name: names[0], metrics: nonEmpty(metrics.slice(0, MAX_METRICS)) });
}

function readResult(card: CardReader, result: Record<string, unknown>): NonNullable<CardFacts["metrics"]> {
  const key = "model-index";
  const about = isRecord(result["dataset"]) ? result["dataset"] : {};
  const dataset = card.textOf(key, about["name"]);
  const split = card.textOf(key, about["split"]);
  return listOf(card, result["metrics"]).flatMap((metric) => {
    const name = card.textOf(key, metric["type"]) ?? card.textOf(key, metric["name"]);
    const value = metricValue(metric["value"]);
    if (name !== undefined && value !== undefined) return [dropUndefined({ name, value, dataset, split })];
    card.warn(key, `the metric ${name ?? "without a name"} has no number and no text, and is not recorded`);
    return [];
  });
}

/** A number as such where it is exactly that number, else as it is written. */
function metricValue(value: unknown): number | string | undefined {
  if (!(value instanceof WrittenNumber))
    return typeof value === "string" && value.trim() !== "" ? shortText(value) : undefined;
  if (!Number.isFinite(value.value)) return undefined;
  return Number.isInteger(value.value) && !Number.isSafeInteger(value.value) ? shortText(value.source) : value.value;
}

function shortText(text: string): string | undefined {
  const trimmed = text.trim();
  return trimmed.length <= 256 && trimmed.isWellFormed() ? trimmed : undefined;
}

function listOf(card: CardReader, value: unknown): Record<string, unknown>[] {
  if (value === undefined || value === null) return [];
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (!Array.isArray(value) || !list.every(isRecord)) card.warn("model-index", "a list of objects is none");
  return Array.isArray(value) ? list.filter(isRecord) : [];
}

function firstParagraph(body: string): string | undefined {
  const paragraphs = body.replaceAll(/```[\s\S]*?(```|$)/g, "").split(/\r?\n\s*\r?\n/);
  const first = paragraphs.map((part) => part.trim()).find((part) => part !== "" && !/^([#<>|!]|\[!|---)/.test(part));
  return first?.replaceAll(/\s+/g, " ").slice(0, 500).toWellFormed();
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
