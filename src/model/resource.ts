import { Buffer } from "node:buffer";

/** One regular file of a model, as the OpenSSF Model Signing specification (OMS) names it. */
export interface Resource {
  /** POSIX path relative to the model's root, or the base name of a single-file model. */
  readonly name: string;
  /** Size of the content in bytes. */
  readonly size: number;
  /** SHA-256 of the content, 64 lower-case hex digits without 0x. */
  readonly sha256: string;
}

/**
 * Orders names by Unicode code point, as OMS does. Comparing UTF-8 bytes does that; `<` on
 * strings compares UTF-16 code units, which differs outside the basic plane.
 */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Orders names path component by path component, as OMS's Python client does (`a/x` before `a-b/x`). */
export function compareNamesByComponent(a: string, b: string): number {
  const left = a.split("/");
  const right = b.split("/");
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const order = compareNames(left[i] as string, right[i] as string);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
