import type { SourceFile } from "../model/formats/byte-source.ts";
import { describeFormats } from "../model/formats/describe-formats.ts";
import { isPickleName } from "../model/formats/unsafe-serialization.ts";
import { type ModelFacts, collectFacts, describeInvalidHeader } from "../metadata/model-facts.ts";
import { parsePythonJson } from "../model/formats/python-json.ts";
import { readBaseModelTags } from "../metadata/card-origin.ts";
import { combineLicenses, normalizeLicense } from "../metadata/license.ts";
import { categoryOf, modalityOf } from "./category.ts";
import type { HubContents } from "./hub-contents.ts";
import { type HubSnapshot, contentSource, hubSource } from "./hub-file.ts";
import type { HubInfo } from "./hub-info.ts";
import { type TokenizerFacts, readTokenizerFacts } from "./tokenizer-facts.ts";

/** What was found out of a model of the Hub. What is missing is absent: nothing is invented. */
export interface HubFacts extends TokenizerFacts {
  /** What the metadata takes: card, configuration, parameters by dtype. */
  readonly model: ModelFacts;
  /** `config.architectures[0]`. */
  readonly architecture?: string;
  /** By the tags, in a fixed order; `other` where none fits. */
  readonly category: string;
  /** `pipeline_tag`. */
  readonly task?: string;
  /** What Hugging Face says the task works on. */
  readonly modality?: string;
  readonly lastModified?: string;
  readonly library?: string;
  /** An SPDX expression, or `LicenseRef-…`. */
  readonly license?: string;
}

const MAX_HEADERS = 200;
const MAX_BASE_MODELS = 100;

/**
 * Reads what a revision says of itself: its small files, and the headers of its safetensors files by range requests.
 *
 * @param warn - called with one sentence for each fact that could not be read
 * @throws {ProvenanceError} as the Hub's requests
 */
export async function readHubFacts(
  snapshot: HubSnapshot,
  info: HubInfo,
  contents: HubContents,
  warn: (text: string) => void,
): Promise<HubFacts> {
  const { model: hashed, kept } = contents;
  const headers = await describeFormats(headerSources(snapshot, contents, warn), {
    onInvalid: (error) => warn(describeInvalidHeader(error)),
  });
  const unsafeSerialization = hashed.resources.flatMap(({ name }) => (isPickleName(name) ? [name] : []));
  // A file that was not kept is too large to be read for facts.
  const read = async ({ name }: { readonly name: string }) => Promise.resolve(kept.get(name) ?? new Uint8Array());
  const facts = await collectFacts(hashed, { description: { ...headers, unsafeSerialization } }, read, warn);
  const config = readConfig(contents);
  const architecture = facts.architecture ?? info.architecture;
  const task = facts.task ?? info.task;
  const license = normalizeLicense(facts.license ?? licenseOfTags(info) ?? "");
  const { baseModels: _, ...own } = facts;
  const model: ModelFacts = {
    ...own,
    ...(architecture !== undefined && { architecture }),
    ...(task !== undefined && { task }),
    ...(license !== undefined && { license }),
    ...originOf(facts, info),
  };
  const modality = await modalityOf(info.task);
  return {
    ...(await readTokenizerFacts(snapshot, info, contents, config, warn)),
    model,
    ...(architecture !== undefined && { architecture }),
    category: categoryOf(info.tags),
    ...(info.task !== undefined && { task: info.task }),
    ...(modality !== undefined && { modality }),
    ...(info.lastModified !== undefined && { lastModified: info.lastModified }),
    ...(info.library !== undefined && { library: info.library }),
    ...(license !== undefined && { license }),
  };
}

/** Headers of safetensors files alone: those of other formats are large, or say nothing of parameters. */
function headerSources(snapshot: HubSnapshot, contents: HubContents, warn: (text: string) => void): SourceFile[] {
  const { kept, files, model } = contents;
  const withHeaders = model.resources.filter(({ name }) => /\.safetensors(\.index\.json)?$/.test(name));
  if (withHeaders.length > MAX_HEADERS) {
    warn(`Parameters are not counted: there are ${withHeaders.length} safetensors files.`);
    return [];
  }
  return withHeaders.flatMap(({ name }) => {
    const bytes = kept.get(name);
    const file = files.get(name);
    if (bytes !== undefined) return [contentSource(name, bytes)];
    return file === undefined ? [] : [hubSource(snapshot, file)];
  });
}

function readConfig({ kept }: HubContents): Record<string, unknown> | undefined {
  const bytes = kept.get("config.json");
  if (bytes === undefined) return undefined;
  try {
    return parsePythonJson(bytes, "config.json");
  } catch {
    return undefined; // collectFacts said so
  }
}

/** The licences that the Hub shows, as they are written in the card; of several all of them. */
export function licenseOfTags({ tags }: HubInfo): string | undefined {
  const licenses = tags.filter((tag) => tag.startsWith("license:")).map((tag) => tag.slice("license:".length));
  return combineLicenses(licenses);
}

/** The card says where a model came from, and how; what it does not say, the tags do, which the Hub derives from card and files. */
function originOf({ baseModels: stated }: ModelFacts, { tags }: HubInfo): Pick<ModelFacts, "baseModels"> {
  const tagged = readBaseModelTags(tags);
  const relations = new Map(tagged.map(({ uri, relation }) => [uri, relation]));
  const baseModels = (stated ?? tagged).slice(0, MAX_BASE_MODELS).map(({ uri, relation: own }) => {
    const relation = own ?? relations.get(uri.replace(/@[^@]*$/, ""));
    return { uri, ...(relation !== undefined && { relation }) };
  });
  return baseModels.length > 0 ? { baseModels } : {};
}
