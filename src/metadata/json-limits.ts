import { ProvenanceError } from "../errors.ts";

const MAX_DEPTH = 64;
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON that a stranger wrote: refuses invalid UTF-8, too many bytes and too deep nesting before anything is built.
 *
 * @throws {ProvenanceError} `METADATA_TOO_LARGE`, `METADATA_INVALID`
 */
export function parseUntrustedJson(bytes: Uint8Array, maxBytes: number, what: string): unknown {
  if (bytes.length > maxBytes) {
    throw new ProvenanceError(
      "METADATA_TOO_LARGE",
      `${what} has ${bytes.length} bytes, more than the ${maxBytes} allowed.`,
    );
  }
  if (nestingDepth(bytes) > MAX_DEPTH) {
    throw new ProvenanceError("METADATA_INVALID", `${what} is nested more than ${MAX_DEPTH} levels deep.`);
  }
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new ProvenanceError("METADATA_INVALID", `${what} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

function nestingDepth(bytes: Uint8Array): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPEN.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSE.has(byte)) depth--;
  }
  return deepest;
}
