import type { Buffer } from "buffer";
import type { Format } from "./format.ts";
import { readBySignature } from "./signature.ts";

// "ggml", "ggmf", "ggjt", "ggla" as 32-bit numbers, little-endian. @see llama.cpp and whisper.cpp, file magics of 2022 to 2023
const MAGICS = ["lmgg", "fmgg", "tjgg", "algg"];

/** Tells whether a file begins as one of ggml's before GGUF. */
export function isGgml(start: Buffer): boolean {
  return MAGICS.includes(start.toString("latin1", 0, 4));
}

/** What ggml wrote before GGUF, and whisper.cpp still does: also under `.bin`, where its first bytes tell it from a pickle. */
export const ggml = {
  name: "ggml",
  extensions: [".ggml"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "none",
  read: readBySignature("ggml", isGgml),
} as const satisfies Format;
