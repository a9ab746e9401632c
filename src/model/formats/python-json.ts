import { invalidHeader } from "./header-error.ts";
import { type JsonObject, assertJsonLimits, isObject } from "./strict-json.ts";

export { isObject } from "./strict-json.ts";

const LIMITS = { maxBytes: 64 * 1024 * 1024, maxDepth: 64, maxTokens: 5_000_000 };
// What Python's json writes and reads beside JSON, where it stands outside of texts.
const WORDS = /"(?:[^"\\]|\\.)*"|(?<=[[:,\s])(?:-?Infinity|NaN)(?=[\],}\s])/g;

/**
 * Parses a JSON object as Python does: `Infinity` and `NaN` are read where a value stands, numbers may be larger than any, and
 * of a key that stands twice the last value counts.
 *
 * @param onValue - called with the path of each value that JSON could not write again; what stood there is left out, and `null` in a list
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function parsePythonJson(
  bytes: Uint8Array,
  what: string,
  onValue: (path: string) => void = () => undefined,
): JsonObject {
  assertJsonLimits(bytes, what, LIMITS);
  const value = parse(bytes, what);
  if (!isObject(value)) throw invalidHeader(`${what} is no JSON object`);
  return clean(value, "", onValue) as JsonObject;
}

function parse(bytes: Uint8Array, what: string): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    // 1e999 is what JSON reads as more than any number.
    return JSON.parse(text.replaceAll(WORDS, (word) => (word.startsWith('"') ? word : "1e999")));
  } catch (cause) {
    throw invalidHeader(`${what} is not valid JSON (${(cause as Error).name})`, cause);
  }
}

/** What cannot be written again is left out of an object, and null in a list. */
function clean(value: unknown, path: string, onValue: (path: string) => void): unknown {
  if (Array.isArray(value)) {
    return value.map((item, i) => {
      if (isWritable(item)) return clean(item, `${path}[${i}]`, onValue);
      onValue(`${path}[${i}]`);
      return null;
    });
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).flatMap(([key, item]) => {
    const at = path === "" ? key : `${path}.${key}`;
    if (isWritable(item) && key.isWellFormed()) return [[key, clean(item, at, onValue)] as const];
    onValue(at.toWellFormed());
    return [];
  });
  return Object.fromEntries(entries);
}

function isWritable(value: unknown): boolean {
  return typeof value === "number" ? Number.isFinite(value) : typeof value !== "string" || value.isWellFormed();
}
