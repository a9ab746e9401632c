import { type Relation, parseRelation } from "../model/relation.ts";
import { type CardReader, isRecord } from "./card-reader.ts";
import { type CardName, readCardName } from "./hub-names.ts";

/** A model that a card, or a tag of the Hub, names as the one that this model came from. */
export interface BaseModel {
  /** `hf://owner/name`, with `@revision` where it is said, or an https address. */
  readonly uri: string;
  readonly relation?: Relation;
}

/** A data set that a card names. */
export interface CardDataset {
  readonly name: string;
  /** Where it lies, if that is known: on the Hub, or at an https address. */
  readonly uri?: string;
}

const BASE_MODEL_TAG = /^base_model:(?:([a-z_-]+):)?([^:]+)$/;
const ADAPTER_WORDS = ["peft", "adapter-transformers", "adapters", "lora", "qlora"];
const MERGE_WORDS = ["merge", "mergekit"];

/** Reads the base models of tags as the Hub writes them: `base_model:org/name`, `base_model:quantized:org/name`. */
export function readBaseModelTags(tags: readonly string[]): BaseModel[] {
  const found = new Map<string, BaseModel>();
  for (const tag of tags) {
    const [, word = "", id = ""] = BASE_MODEL_TAG.exec(tag) ?? [];
    const name = readCardName(id, "models");
    if (name.kind !== "hub") continue;
    const relation = found.get(name.uri)?.relation ?? originRelation(word);
    found.set(name.uri, { uri: name.uri, ...(relation !== undefined && { relation }) });
  }
  return [...found.values()];
}

/** A relation to a model by somebody else: `base` and `version` are none. */
function originRelation(word: string): Relation | undefined {
  const relation = parseRelation(word);
  return relation === "base" || relation === "version" ? undefined : relation;
}

/** Reads the base models of a card, each with its relation: stated for all, by the card's own tags, or by what the model is. */
export function readBaseModels(card: CardReader): BaseModel[] {
  const stated = card.text("base_model_relation");
  const forAll = stated === undefined ? undefined : originRelation(stated);
  if (stated !== undefined && forAll === undefined) card.warn("base_model_relation", `${quote(stated)} is no relation`);
  const tags = card.texts("tags", false);
  const tagged = new Map(readBaseModelTags(tags).map(({ uri, relation }) => [withoutRevision(uri), relation]));
  const words = new Set([card.text("library_name") ?? "", ...tags].map((word) => word.toLowerCase()));
  const entries = card.entries("base_model").flatMap((entry) => readEntry(card, "base_model", entry) ?? []);
  return entries.flatMap(({ text, name }) => {
    if (name.kind !== "hub" && name.kind !== "web") {
      card.warn("base_model", explain(text, name));
      return [];
    }
    const relation = forAll ?? tagged.get(withoutRevision(name.uri)) ?? guess(words, entries.length);
    return [{ uri: name.uri, ...(relation !== undefined && { relation }) }];
  });
}

/** Reads the data sets of a card. */
export function readDatasets(card: CardReader): CardDataset[] {
  return card.entries("datasets").flatMap((entry) => {
    const found = readEntry(card, "datasets", entry);
    if (found === undefined) return [];
    const { text, name } = found;
    if (name.kind === "path") card.warn("datasets", explain(text, name));
    if (name.kind === "path") return [];
    if (name.kind === "hub") return [{ name: name.id, uri: name.uri }];
    return [name.kind === "web" ? { name: text, uri: name.uri } : { name: text }];
  });
}

/** An entry is a name, or an object with a name and more. */
function readEntry(card: CardReader, key: "base_model" | "datasets", entry: unknown) {
  const { name, id, repo_id: repository, path, revision, ...others } = isRecord(entry) ? entry : { name: entry };
  const text = card.textOf(key, name ?? id ?? repository ?? path);
  if (text === undefined) return undefined;
  const unused = Object.keys(others);
  if (unused.length > 0) card.warn(key, `${unused.map(quote).join(", ")} of ${quote(text)} is not recorded`);
  const type = key === "datasets" ? "datasets" : "models";
  const at = revision === undefined ? undefined : card.textOf(key, revision);
  return { text, name: readCardName(text, type, at) };
}

function explain(text: string, { kind }: CardName): string {
  if (kind === "path")
    return `${quote(text)} looks like a path on the machine where it was trained, and is not recorded`;
  return `${quote(text)} is no name of the Hub and no public address, and is not recorded`;
}

/** What libraries and tags say where no relation is stated. */
function guess(words: ReadonlySet<string>, count: number): Relation | undefined {
  if (ADAPTER_WORDS.some((word) => words.has(word))) return "adapter";
  return count > 1 && MERGE_WORDS.some((word) => words.has(word)) ? "merge" : undefined;
}

function withoutRevision(uri: string): string {
  return uri.replace(/@[^@]*$/, "");
}

function quote(text: string): string {
  return JSON.stringify(text.length <= 80 ? text : `${text.slice(0, 80)}…`);
}
