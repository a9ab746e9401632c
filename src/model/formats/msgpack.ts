import type { Format } from "./format.ts";
import { readBySignature } from "./signature.ts";

/** A Flax checkpoint: one map of MessagePack (fixmap, map 16 or map 32). */
export const msgpack = {
  name: "msgpack",
  extensions: [".msgpack"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: readBySignature(
    "msgpack",
    ([first = 0]) => (first >= 0x80 && first <= 0x8f) || first === 0xde || first === 0xdf,
  ),
} as const satisfies Format;
