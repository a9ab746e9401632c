import type { ByteSource } from "./byte-source.ts";
import type { Format } from "./format.ts";
import { invalidHeader } from "./header-error.ts";
import objects from "./keras-objects.json" with { type: "json" };
import { type JsonObject, isObject, parseStrictJson } from "./strict-json.ts";
import { readZipEntry } from "./zip.ts";
import { listZip } from "./zip-directory.ts";

/** What a `.keras` archive says of itself. */
export interface KerasHeader {
  readonly className?: string;
  readonly kerasVersion?: string;
  /** It names what runs code when the model is loaded: Lambda layers, a class of another module, … (keras-objects.json). */
  readonly runsCode: boolean;
}

const LIMITS = { maxBytes: 16 * 1024 * 1024, maxDepth: 256, maxTokens: 1_000_000 };
const MAX_TEXT = 256;
const CODE_CLASSES = new Set(objects.codeClasses);

/** An archive of Keras 3: configuration and weights. */
export const keras = {
  name: "keras",
  extensions: [".keras"],
  isWeight: true,
  mayRunCode: "by content",
  holdsTensors: "none",
  read: async (_, source) => {
    const { runsCode: isUnsafe, className, kerasVersion } = await readKeras(source);
    const version = kerasVersion === undefined ? {} : { version: kerasVersion.slice(0, 64) };
    return {
      isUnsafe,
      framework: { name: "Keras", ...version },
      ...(className !== undefined && { architecture: className }),
    };
  },
} as const satisfies Format;

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
    runsCode: runsCode(config),
  };
}

/** Tells whether anything in a configuration is not Keras's own, or is known to run, unpickle or load what its config says. */
function runsCode(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(runsCode);
  if (!isObject(value)) return false;
  const { class_name: name, module, config } = value;
  if (typeof name === "string" && (CODE_CLASSES.has(name) || !isPlain(module, name))) return true;
  if (name === "function" && objects.codeFunctions.includes(String(config))) return true;
  return Object.values(value).some(runsCode);
}

/** Keras 2 names no module: then the class is looked up among its own. */
function isPlain(module: unknown, className: string): boolean {
  if (module === undefined || module === null) return true;
  if (typeof module !== "string") return false;
  if (module === "builtins") return objects.builtins.includes(className);
  const [root, ...parts] = module.split(".");
  if (root !== "keras") return false;
  const [first] = parts[0] === "src" ? parts.slice(1) : parts;
  const modules = className === "function" ? objects.functionModules : objects.modules;
  return first === undefined ? className !== "function" : modules.includes(first);
}

function shortText(value: unknown): string | undefined {
  return typeof value === "string" && value.length <= MAX_TEXT && value.isWellFormed() ? value : undefined;
}
