import type { ByteSource } from "./byte-source.ts";
import { invalidHeader } from "./header-error.ts";
import { type JsonObject, isObject, parseStrictJson } from "./strict-json.ts";
import { listZip, readZipEntry } from "./zip.ts";

/** What a `.keras` archive says of itself. */
export interface KerasHeader {
  readonly className?: string;
  readonly kerasVersion?: string;
  /** It holds Lambda layers: marshalled Python code that runs when the model is loaded without safe mode. */
  readonly hasLambda: boolean;
}

const LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 256, maxTokens: 1_000_000 };
const MAX_TEXT = 256;

/**
 * Reads config.json and metadata.json of a `.keras` archive; the weights in it are not opened.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readKeras(source: ByteSource): Promise<KerasHeader> {
  const entries = await listZip(source);
  const readJson = async (name: string): Promise<JsonObject | undefined> => {
    const entry = entries.find((candidate) => candidate.name === name);
    if (entry === undefined) return undefined;
    return parseStrictJson(await readZipEntry(source, entry, LIMITS.maxBytes), name, LIMITS);
  };
  const config = await readJson("config.json");
  if (config === undefined) throw invalidHeader("it has no config.json: it is no Keras archive");
  const metadata = await readJson("metadata.json");
  const [className, kerasVersion] = [shortText(config["class_name"]), shortText(metadata?.["keras_version"])];
  return {
    ...(className !== undefined && { className }),
    ...(kerasVersion !== undefined && { kerasVersion }),
    hasLambda: containsLambda(config),
  };
}

/** A class name, or the marker under which Keras keeps a serialised function. */
function containsLambda(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(containsLambda);
  if (!isObject(value)) return false;
  if (value["class_name"] === "Lambda" || value["class_name"] === "__lambda__") return true;
  return Object.values(value).some(containsLambda);
}

function shortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_TEXT && value.isWellFormed() ? value : undefined;
}
