import { parseUntrustedJson } from "../metadata/json-limits.ts";
import type { HubContents } from "./hub-contents.ts";
import { type HubSnapshot, fetchHubFile, streamHubFile } from "./hub-file.ts";
import type { HubInfo } from "./hub-info.ts";
import { type SpecialTokens, type TokenSources, extraIdsOf, findSpecialTokens } from "./special-tokens.ts";
import { VocabularyCounter, countPieces, countVocabularyLines } from "./vocabulary.ts";

/** What a tokenizer says of itself. */
export interface TokenizerFacts {
  /** The tokenizer's own, without added tokens; not the size of the embedding. */
  readonly vocabularySize?: number;
  /** `config` where no file of the tokenizer says it: then it is `vocab_size` of `config.json`. */
  readonly vocabularySizeFrom?: "tokenizer" | "config";
  readonly specialTokens?: SpecialTokens;
}

const JSON_MAX_BYTES = 8 * 1024 * 1024;
const VOCABULARY_MAX_BYTES = 64 * 1024 * 1024;
const SENTENCE_PIECE = ["spiece.model", "tokenizer.model", "spm.model"];

/**
 * Finds vocabulary size and special tokens from the tokenizer's files: no code of the model is run. A file of the
 * tokenizer that Git LFS keeps is fetched only where no other says the size.
 *
 * @param config - `config.json`
 * @param warn - called for a file that cannot be read
 * @throws {ProvenanceError} as the Hub's requests
 */
export async function readTokenizerFacts(
  snapshot: HubSnapshot,
  info: HubInfo,
  contents: HubContents,
  config: Readonly<Record<string, unknown>> | undefined,
  warn: (text: string) => void,
): Promise<TokenizerFacts> {
  const read = (name: string) => readJson(name, contents.kept.get(name), warn);
  const modelType = config?.["model_type"];
  const sources: TokenSources = {
    map: read("special_tokens_map.json"),
    config: read("tokenizer_config.json"),
    api: info.tokenizerConfig,
    ...(typeof modelType === "string" && { modelType }),
  };
  const specialTokens = findSpecialTokens(sources);
  const own = await readVocabularySize(snapshot, contents, sources);
  const stated = config?.["vocab_size"];
  const isStated = typeof stated === "number" && Number.isSafeInteger(stated) && stated >= 0;
  return {
    ...(own !== undefined && { vocabularySize: own, vocabularySizeFrom: "tokenizer" as const }),
    ...(own === undefined && isStated && { vocabularySize: stated, vocabularySizeFrom: "config" as const }),
    ...(specialTokens && { specialTokens }),
  };
}

async function readVocabularySize(
  snapshot: HubSnapshot,
  contents: HubContents,
  sources: TokenSources,
): Promise<number | undefined> {
  const tokenizer = await countTokenizerJson(snapshot, contents);
  if (tokenizer !== undefined) return tokenizer;
  const lines = await readVocabulary(snapshot, contents, "vocab.txt");
  if (lines !== undefined) return countVocabularyLines(lines);
  const vocabulary = readJson("vocab.json", await readVocabulary(snapshot, contents, "vocab.json"), () => undefined);
  if (vocabulary !== undefined) return Object.keys(vocabulary).length;
  for (const name of SENTENCE_PIECE) {
    const model = await readVocabulary(snapshot, contents, name);
    const pieces = model && (await countPieces(model));
    // The <extra_id_n> of T5 are part of its vocabulary, and not of its SentencePiece model.
    if (pieces !== undefined) return pieces + extraIdsOf(sources);
  }
  return undefined;
}

async function countTokenizerJson(snapshot: HubSnapshot, { files, kept }: HubContents): Promise<number | undefined> {
  const counter = new VocabularyCounter();
  const [bytes, file] = [kept.get("tokenizer.json"), files.get("tokenizer.json")];
  if (bytes !== undefined) counter.push(bytes);
  else if (file !== undefined && file.size <= VOCABULARY_MAX_BYTES) {
    for await (const piece of streamHubFile(snapshot, file)) counter.push(piece);
  }
  return counter.count;
}

async function readVocabulary(
  snapshot: HubSnapshot,
  { files, kept }: HubContents,
  name: string,
): Promise<Buffer | undefined> {
  const file = files.get(name);
  if (kept.has(name) || file === undefined || file.size > VOCABULARY_MAX_BYTES) return kept.get(name);
  return fetchHubFile(snapshot, file);
}

function readJson(
  name: string,
  bytes: Buffer | undefined,
  warn: (text: string) => void,
): Readonly<Record<string, unknown>> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const value = parseUntrustedJson(bytes, JSON_MAX_BYTES, name);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
    warn(`${name} is no JSON object and was not read.`);
  } catch (error) {
    warn((error as Error).message);
  }
  return undefined;
}
