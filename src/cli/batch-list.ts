import { dirname, resolve } from "node:path";
import { ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import { OPTIONS, type OptionName, type OptionValues } from "./options.ts";
import type { OptionDeclaration } from "../base/option.ts";
import { RECORD_OPTIONS } from "./option-sets.ts";

const NAMES = ["modelPath", ...RECORD_OPTIONS] as const;

/** What an entry of a list says of its model; what it leaves out is taken from the command line. */
export type BatchEntryOptions = OptionValues<(typeof NAMES)[number]>;

const MAX_BYTES = 64 * 1024 * 1024;
// All of them are held in memory, with their metadata.
const MAX_ENTRIES = 10_000;
const TOKEN_ID = /^(0x[0-9a-f]{1,64}|\d{1,78})$/i;
// Paths are relative to the list, wherever the command is started.
const PATHS = new Set<OptionName>(["modelPath", "datasetPath", "imagePath", "contributorsPath", "bomPath"]);
const BY_FLAG = new Map<string, OptionName>(NAMES.map((name) => [OPTIONS[name].flag, name]));

/** One entry of a list. */
export interface BatchEntry {
  /** Where it stands, for messages: a JSONPath, behind the number of the line in `.jsonl`. */
  readonly place: string;
  readonly options: BatchEntryOptions;
}

/**
 * Reads a list of models: a JSON array, or a line of JSON for each (`.jsonl`). An entry is the path of a model, or an
 * object whose keys are the flags of `publish` without their dashes: `{"model": "./a", "model-version": "1.0.0"}`.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` with the JSON path of what is wrong, `OPTION_MISSING` for an entry without a
 *   model
 */
export async function readBatchList(path: string): Promise<BatchEntry[]> {
  const bytes = await readGivenFile(path, { what: "The list", maxBytes: MAX_BYTES });
  const entries = parseEntries(bytes.toString("utf8"), path);
  if (entries.length === 0) throw refuse(path, "names no model");
  if (entries.length > MAX_ENTRIES) throw refuse(path, `has more than ${MAX_ENTRIES} entries. Cut it into several`);
  const folder = dirname(resolve(path));
  return entries.map(({ value, place }) => ({
    place,
    options: readEntry(value, folder, `The list ${path}, ${place}`),
  }));
}

/** @throws {ProvenanceError} `OPTION_INVALID` where a model is named beside a list */
export function assertNoModelBeside({ batchPath, modelPath }: OptionValues<"batchPath" | "modelPath">): void {
  if (batchPath === undefined || modelPath === undefined) return;
  const text = `A model (${modelPath}) and a list (${batchPath}) are both given: BATCH_PATH goes without MODEL_PATH.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}

function parseEntries(text: string, path: string): { value: unknown; place: string }[] {
  const parse = (part: string, what: string): unknown => {
    try {
      return JSON.parse(part);
    } catch (cause) {
      throw refuse(path, `is not JSON ${what}: ${(cause as Error).message}`);
    }
  };
  if (path.endsWith(".jsonl")) {
    const lines = text.split("\n").map((line, i) => [line.trim(), i + 1] as const);
    const filled = lines.filter(([line]) => line !== "");
    return filled.map(([line, number]) => ({ value: parse(line, `in line ${number}`), place: `line ${number}: $` }));
  }
  const list = parse(text, "as a whole");
  if (!Array.isArray(list)) throw refuse(path, "is no array");
  return list.map((value: unknown, i) => ({ value, place: `$[${i}]` }));
}

function readEntry(entry: unknown, folder: string, what: string): BatchEntryOptions {
  const fields = typeof entry === "string" ? { model: entry } : entry;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    throw new ProvenanceError("OPTION_INVALID", `${what} is neither a path nor an object.`);
  }
  const options: Record<string, unknown> = {};
  for (const [flag, value] of Object.entries(fields)) {
    const name = BY_FLAG.get(flag);
    if (name === undefined) {
      const known = [...BY_FLAG.keys()].join(", ");
      const text = `${what}${memberOf(flag)} is no key of an entry. Known are ${known}.`;
      throw new ProvenanceError("OPTION_INVALID", text);
    }
    options[name] = readValue(name, value, folder, `${what}${memberOf(flag)}`);
  }
  if (options["modelPath"] === undefined) {
    throw new ProvenanceError("OPTION_MISSING", `${what} names no model: give it the key "model".`);
  }
  return options;
}

/** A member as JSONPath names it (RFC 9535). */
function memberOf(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

function readValue(name: OptionName, value: unknown, folder: string, what: string): unknown {
  const declaration: OptionDeclaration<unknown> = OPTIONS[name];
  if (Array.isArray(value) && declaration.kind === "list") {
    const wrong = value.findIndex((part) => typeof part !== "string");
    if (wrong !== -1) throw refuseValue(`${what}[${wrong}]`, value[wrong]);
    const parts = value as string[];
    return name === "parents" ? parts.map((parent) => placeParent(parent, folder)) : parts;
  }
  if (typeof value === "boolean" && declaration.kind === "switch") return value;
  if (typeof value !== "string" && typeof value !== "number") throw refuseValue(what, value);
  const parsed = declaration.parse(String(value), what);
  if (PATHS.has(name)) return placePath(parsed as string, folder, what);
  if (name === "omsBundle" && parsed !== "none") return placePath(parsed as string, folder, what);
  return name === "parents" ? (parsed as string[]).map((parent) => placeParent(parent, folder)) : parsed;
}

function placePath(path: string, folder: string, what: string): string {
  if (path !== "" && !path.includes("\0")) return resolve(folder, path);
  throw new ProvenanceError("OPTION_INVALID", `${what} takes a path, got ${JSON.stringify(path)}.`);
}

function refuseValue(what: string, value: unknown): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", `${what} cannot be ${JSON.stringify(value).slice(0, 80)}.`);
}

function placeParent(parent: string, folder: string): string {
  return TOKEN_ID.test(parent) ? parent : resolve(folder, parent);
}

function refuse(path: string, fault: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", `The list ${path} ${fault}.`);
}
