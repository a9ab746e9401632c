import type { FileComparison } from "model-provenance-nft/core";
import { STRINGS } from "../../strings.ts";

const TEXT = STRINGS.files;
const SHOWN = 6;

/** Says in words where a file differs, as far as that is known. */
export function describeDamage({ damaged = [], truncatedAt, extraBytes }: FileComparison): string[] {
  const ranges = damaged.slice(0, SHOWN).map(({ start, end }) => `${start}–${end}`);
  const more = damaged.length > SHOWN ? ", …" : "";
  return [
    ...(ranges.length > 0 ? [TEXT.damaged(`${ranges.join(", ")}${more}`)] : []),
    ...(truncatedAt === undefined ? [] : [TEXT.truncated(truncatedAt)]),
    ...(extraBytes === undefined ? [] : [TEXT.tooLong(extraBytes)]),
  ];
}
