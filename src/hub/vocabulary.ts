import { ByteCursor } from "../model/formats/byte-cursor.ts";
import { withSource } from "../model/formats/byte-source.ts";
import { WIRE, walkFields } from "../model/formats/protobuf.ts";
import { contentSource } from "./hub-file.ts";

const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const OPEN = new Set([0x5b, 0x7b]); // [ {
const CLOSE = new Set([0x5d, 0x7d]); // ] }
const SPACE = new Set([0x20, 0x0a, 0x0d, 0x09]);
const LONGEST_KEY = "model".length;
const VOCABULARY_DEPTH = 3;
const MAX_PIECES = 4_000_000;
const PIECES_FIELD = 1;

/**
 * Counts the entries of `model.vocab` in a `tokenizer.json` as its bytes come: an object of a token an entry (BPE,
 * WordPiece, WordLevel) or an array (Unigram). Added tokens stand elsewhere and are not counted. Such a file has up to
 * tens of megabytes, so that nothing of it is kept.
 */
export class VocabularyCounter {
  #depth = 0;
  #inString = false;
  #escaped = false;
  #text = "";
  readonly #keys = ["", "", ""];
  #inVocabulary = false;
  #commas = 0;
  #isEmpty = true;
  #count: number | undefined;

  /** Takes the next bytes. */
  push(bytes: Uint8Array): void {
    for (const byte of bytes) {
      if (this.#inString) this.#takeText(byte);
      else this.#take(byte);
    }
  }

  /** How many entries; undefined where the file has no vocabulary, or ends before its end. */
  get count(): number | undefined {
    return this.#depth === 0 && !this.#inString ? this.#count : undefined;
  }

  #takeText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
    else if (this.#depth < VOCABULARY_DEPTH && this.#text.length <= LONGEST_KEY)
      this.#text += String.fromCharCode(byte);
  }

  #take(byte: number): void {
    if (SPACE.has(byte)) return;
    if (byte === COMMA) {
      if (this.#inVocabulary && this.#depth === VOCABULARY_DEPTH) this.#commas++;
      return;
    }
    if (byte === COLON) {
      if (this.#depth < VOCABULARY_DEPTH) this.#keys[this.#depth] = this.#text;
      return;
    }
    if (CLOSE.has(byte)) return this.#close();
    this.#isEmpty = false;
    if (byte === QUOTE) {
      this.#inString = true;
      this.#text = "";
    } else if (OPEN.has(byte)) this.#open();
  }

  #open(): void {
    this.#depth++;
    if (this.#depth !== VOCABULARY_DEPTH) return;
    this.#inVocabulary = this.#keys[1] === "model" && this.#keys[2] === "vocab";
    this.#commas = 0;
    this.#isEmpty = true;
  }

  #close(): void {
    if (this.#inVocabulary && this.#depth === VOCABULARY_DEPTH) {
      this.#count = this.#isEmpty ? 0 : this.#commas + 1;
      this.#inVocabulary = false;
    }
    this.#isEmpty = false;
    if (this.#depth <= 2) this.#keys[2] = "";
    this.#depth--;
  }
}

/** Counts the tokens of a `vocab.txt`: one a line, a token that stands twice once. */
export function countVocabularyLines(bytes: Uint8Array): number {
  const lines = Buffer.from(bytes).toString("utf8").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return new Set(lines.map((line) => line.replace(/\r$/, ""))).size;
}

/**
 * Counts the pieces of a SentencePiece model, a protobuf message whose first field is one a piece.
 *
 * @returns undefined for what is none
 */
export async function countPieces(bytes: Buffer): Promise<number | undefined> {
  let pieces = 0;
  try {
    await withSource(contentSource("spiece.model", bytes), async (source) => {
      const cursor = new ByteCursor(source);
      await walkFields(cursor, source.size, { left: MAX_PIECES }, ({ number, wireType }) => {
        if (number === PIECES_FIELD && wireType === WIRE.bytes) pieces++;
      });
    });
  } catch {
    return undefined;
  }
  return pieces === 0 ? undefined : pieces;
}
