/** One regular file of a model, as the OpenSSF Model Signing specification (OMS) names it. */
export interface Resource {
  /** POSIX path relative to the model's root, or the base name of a single-file model. */
  readonly name: string;
  /** Size of the content in bytes. */
  readonly size: number;
  /** SHA-256 of the content, 64 lower-case hex digits without 0x. */
  readonly sha256: string;
}

const FIRST_SURROGATE = 0xd800;
const BEHIND_SURROGATES = 0xe000;

/**
 * Orders names by Unicode code point, as OMS does and as their UTF-8 bytes are ordered; `<` on strings compares
 * UTF-16 code units, which differs outside the basic plane. Nothing is allocated: sorting 100 000 names by their bytes
 * made three million buffers.
 */
export function compareNames(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) return toCodePointOrder(left) - toCodePointOrder(right);
  }
  return a.length - b.length;
}

/** Moves surrogates, which stand for what lies above the basic plane, behind all that lies in it. */
function toCodePointOrder(unit: number): number {
  if (unit < FIRST_SURROGATE) return unit;
  return unit < BEHIND_SURROGATES ? unit + 0x2000 : unit - 0x800;
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
