import type { ByteRange } from "../base/byte-range.ts";
import { compareBytes } from "../base/bytes.ts";
import { LEAF_BYTES } from "../model/hashing/leaf-bytes.ts";

/** Where a file differs from the recorded one. */
export interface Damage {
  /** In whole MiB, as far as recorded; only where the recorded leaves are known. */
  readonly damaged?: readonly ByteRange[];
  /** The file ends here, and should not. */
  readonly truncatedAt?: number;
  /** The file goes on for so many bytes more than recorded. */
  readonly extraBytes?: number;
}

const DIGEST_BYTES = 32;

/** Says how a file's length differs. Nothing where it does not. */
export function compareSizes(expected: number, actual: number): Damage {
  if (actual < expected) return { truncatedAt: actual };
  return actual > expected ? { extraBytes: actual - expected } : {};
}

/**
 * Compares the leaves of a file with the recorded ones, as far as both go: a leaf that was cut short cannot be judged.
 *
 * @param actual - leaf digests of the first bytes of the file at hand, at most as many as were recorded
 * @returns the ranges that differ, in order, adjacent ones merged
 */
export function compareLeaves(
  expected: Uint8Array,
  actual: Uint8Array,
  sizes: { readonly expected: number; readonly actual: number },
): ByteRange[] {
  const ranges: { start: number; end: number }[] = [];
  const count = Math.min(expected.length, actual.length) / DIGEST_BYTES;
  for (let leaf = 0; leaf < count; leaf++) {
    const start = leaf * LEAF_BYTES;
    const end = Math.min(start + LEAF_BYTES, sizes.expected);
    if (end > sizes.actual || end === start) break;
    const [from, to] = [leaf * DIGEST_BYTES, (leaf + 1) * DIGEST_BYTES];
    if (compareBytes(expected.subarray(from, to), actual.subarray(from, to)) === 0) continue;
    const last = ranges.at(-1);
    if (last?.end === start - 1) last.end = end - 1;
    else ranges.push({ start, end: end - 1 });
  }
  return ranges;
}
