import { ProvenanceError } from "../base/errors.ts";

const MAX_DEPTH = 64;
const MAX_KEYS = 100_000;
const MAX_MESSAGE = 300;
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Parses JSON that a stranger wrote: refuses invalid UTF-8, too many bytes or keys and too deep nesting before anything
 * is built.
 *
 * @param what - what the JSON is, to begin a sentence with
 * @param maxKeys - of all objects together
 * @throws {ProvenanceError} `METADATA_TOO_LARGE`, `METADATA_INVALID`
 */
export function parseUntrustedJson(bytes: Uint8Array, maxBytes: number, what: string, maxKeys = MAX_KEYS): unknown {
  if (bytes.length > maxBytes) {
    throw new ProvenanceError(
      "METADATA_TOO_LARGE",
      `${what} has ${bytes.length} bytes, more than the ${maxBytes} allowed.`,
    );
  }
  const { depth, keys } = scan(bytes);
  if (depth > MAX_DEPTH) {
    throw new ProvenanceError("METADATA_INVALID", `${what} is nested more than ${MAX_DEPTH} levels deep.`);
  }
  if (keys > maxKeys) throw new ProvenanceError("METADATA_INVALID", `${what} has more than ${maxKeys} keys.`);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new ProvenanceError("METADATA_INVALID", `${what} is not valid JSON: ${clip((cause as Error).message)}`, {
      cause,
    });
  }
}

/** The deepest nesting and the number of keys: in valid JSON every key has one colon outside of texts. */
function scan(bytes: Uint8Array): { depth: number; keys: number } {
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (byte === COLON) keys++;
    else if (OPEN.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSE.has(byte)) depth--;
  }
  return { depth: deepest, keys };
}

/** Shortens a message that may quote what a stranger wrote. */
export function clip(message: string): string {
  return message.length <= MAX_MESSAGE ? message : `${message.slice(0, MAX_MESSAGE)}…`;
}
