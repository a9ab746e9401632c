import { isRecord } from "../../base/is-record.ts";
import { invalidHeader } from "./header-error.ts";

/** What JSON in a header may be at most. */
export interface JsonLimits {
  readonly maxBytes: number;
  readonly maxDepth: number;
  /** Commas, colons and brackets: they bound what parsing builds. */
  readonly maxTokens: number;
}

/** A JSON object as it was parsed. */
export type JsonObject = Record<string, unknown>;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }

/**
 * Parses a JSON object of a stranger. Depth and size are checked before anything is built; a key that
 * stands twice is refused, because two readers could take different ones.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export function parseStrictJson(bytes: Uint8Array, what: string, limits: JsonLimits): JsonObject {
  const { members } = assertJsonLimits(bytes, what, limits);
  const value = parse(bytes, what);
  if (!isObject(value)) throw invalidHeader(`${what} is no JSON object`);
  // Every member that was written has one colon outside of strings; a key that stands twice is parsed once.
  if (countMembers(value) !== members) throw invalidHeader(`${what} holds a key twice`);
  return value;
}

/** Refuses JSON that is too long, too deep or too full, before anything is built. @throws {ProvenanceError} `MODEL_HEADER_INVALID` */
export function assertJsonLimits(bytes: Uint8Array, what: string, limits: JsonLimits): { readonly members: number } {
  if (bytes.length > limits.maxBytes) {
    throw invalidHeader(`${what} has ${bytes.length} bytes, more than the ${limits.maxBytes} allowed`);
  }
  const { depth, tokens, members } = scan(bytes);
  if (depth > limits.maxDepth) throw invalidHeader(`${what} is nested more than ${limits.maxDepth} levels deep`);
  if (tokens > limits.maxTokens) throw invalidHeader(`${what} has more than ${limits.maxTokens} values`);
  return { members };
}

/** Tells whether an object of a JSON text names a key twice: of that, what was parsed holds the last value alone. */
export function hasRepeatedKey(bytes: Uint8Array, parsed: unknown): boolean {
  return countMembers(parsed) !== scan(bytes).members;
}

/** Tells whether a JSON value is an object (not null, not an array). */
export function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

function scan(bytes: Uint8Array): { depth: number; tokens: number; members: number } {
  let [depth, deepest, tokens, members, inString] = [0, 0, 0, 0, false];
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPEN.has(byte)) {
      tokens++;
      deepest = Math.max(deepest, ++depth);
    } else if (CLOSE.has(byte)) depth--;
    else if (byte === COMMA) tokens++;
    else if (byte === COLON) {
      tokens++;
      members++;
    }
  }
  return { depth: deepest, tokens, members };
}

function parse(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw invalidHeader(`${what} is not valid JSON (${(cause as Error).name})`, cause);
  }
}

function countMembers(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((count, item) => count + countMembers(item), 0);
  if (!isObject(value)) return 0;
  return Object.values(value).reduce<number>((count, item) => count + 1 + countMembers(item), 0);
}
