import { readFileSync } from "node:fs";
import { createSafetensors } from "../safetensors.ts";
import { type HubFile, type HubFiles, type HubRepo, hubRepo, lfsFile } from "./hub-repo.ts";

/** How a file that is too large to be kept here is made. */
type Generated =
  | { readonly unigram: number }
  | { readonly wordpiece: number }
  | { readonly lines: number }
  | { readonly pieces: number }
  | { readonly bytes: number }
  | { readonly safetensors: Readonly<Record<string, readonly [dtype: string, shape: readonly number[]]>> };

/** A model of `test/vectors/hub/models.json`: what the Hub serves of it, and what is to be found out. */
export interface HubModelVector {
  readonly id: string;
  readonly info: Readonly<Record<string, unknown>>;
  /** Text, or JSON. */
  readonly files: Readonly<Record<string, unknown>>;
  readonly generated: Readonly<Record<string, Generated>>;
  readonly expected: Readonly<Record<string, unknown>>;
}

/** The four models that the proof of concept printed. */
export const HUB_MODELS = JSON.parse(
  readFileSync(new URL("../../vectors/hub/models.json", import.meta.url), "utf8"),
) as readonly HubModelVector[];

const DTYPE_BYTES: Readonly<Record<string, number>> = { F32: 4, F16: 2, BF16: 2, I8: 1 };
const IN_LFS = /\.(bin|safetensors|model)$/;

/** Makes the repository that a vector describes. */
export function toHubRepo({ id, info, files, generated }: HubModelVector): HubRepo {
  const all: Record<string, HubFiles[string]> = {};
  for (const [name, content] of Object.entries(files)) {
    all[name] = typeof content === "string" ? content : JSON.stringify(content, null, 2);
  }
  for (const [name, recipe] of Object.entries(generated)) {
    const content = Buffer.from(generate(id, recipe));
    all[name] = IN_LFS.test(name) ? lfsFile(content) : ({ content: () => content } satisfies HubFile);
  }
  return hubRepo(id, all, info);
}

function generate(seed: string, recipe: Generated): string | Uint8Array {
  if ("unigram" in recipe) {
    const vocab = Array.from({ length: recipe.unigram }, (_, i) => [`▁"piece"${i}`, -i]);
    return tokenizer({ type: "Unigram", unk_id: 1, vocab });
  }
  if ("wordpiece" in recipe) {
    const vocab = Object.fromEntries(Array.from({ length: recipe.wordpiece }, (_, i) => [`##{${i}}`, i]));
    return tokenizer({ type: "WordPiece", unk_token: "[UNK]", vocab });
  }
  if ("lines" in recipe) return Array.from({ length: recipe.lines }, (_, i) => `token${i}\n`).join("");
  if ("pieces" in recipe) return sentencePiece(recipe.pieces);
  if ("bytes" in recipe) return Buffer.alloc(recipe.bytes, seed);
  let end = 0;
  const header = Object.entries(recipe.safetensors).map(([name, [dtype, shape]]) => {
    const begin = end;
    end += shape.reduce((product, size) => product * size, DTYPE_BYTES[dtype] as number);
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  return createSafetensors(Object.fromEntries(header), end);
}

function tokenizer(model: Record<string, unknown>): string {
  const added_tokens = [{ id: 0, content: "[MASK]", special: true }];
  return JSON.stringify({ version: "1.0", added_tokens, model, post_processor: { vocab: { not: "this" } } });
}

/** A SentencePiece model: a field 1 for each piece (text and score), and a field 2 that says how it was trained. */
function sentencePiece(count: number): Uint8Array {
  const pieces: Buffer[] = [];
  for (let i = 0; i < count; i++) {
    const text = Buffer.from(`▁piece${i}`);
    const piece = Buffer.concat([Buffer.from([0x0a, text.length]), text, Buffer.from([0x15, 0, 0, 0, 0])]);
    pieces.push(Buffer.from([0x0a, piece.length]), piece);
  }
  return Buffer.concat([...pieces, Buffer.from([0x12, 2, 0x18, 1])]);
}
