import canonicalize from "canonicalize";
import { toUtf8 } from "../base/bytes.ts";
import { ProvenanceError } from "../base/errors.ts";

/**
 * Serialises a JSON value in its canonical form, so that equal values have equal bytes.
 *
 * @throws {ProvenanceError} `METADATA_INVALID` for what JSON cannot hold (NaN, BigInt, a lone surrogate)
 * @see RFC 8785
 */
export function canonicalJson(value: unknown): Uint8Array {
  try {
    const text = canonicalize(value);
    if (text === undefined) throw new TypeError("undefined is no JSON value");
    if (!text.isWellFormed()) throw new TypeError("a text is not well-formed Unicode");
    return toUtf8(text);
  } catch (cause) {
    throw new ProvenanceError("METADATA_INVALID", `The metadata cannot be written as JSON: ${String(cause)}`, {
      cause,
    });
  }
}
