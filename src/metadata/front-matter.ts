import { isScalar, parseDocument, visit } from "yaml";

const MAX_FRONT_MATTER = 256 * 1024;
// As huggingface_hub finds it, and behind a byte order mark.
const FRONT_MATTER = /^\uFEFF?\s*---(?:\r\n|\r|\n)([\s\S]*?)(?:\r\n|\r|\n)---[ \t]*(?:\r\n|\n|$)/;

/** A number as it was written: 1.10 is another version than 1.1. */
export class WrittenNumber {
  readonly value: number;
  readonly source: string;

  constructor(value: number, source: string) {
    this.value = value;
    this.source = source;
  }
}

/** A card in its two parts. */
export interface CardParts {
  /** What stands in the front matter; numbers are {@link WrittenNumber}. */
  readonly front: Record<string, unknown>;
  /** The text behind it. */
  readonly body: string;
}

/**
 * Parts a model card into its front matter and its text.
 *
 * @param warn - called when the front matter is malformed; the card is then read as if it had none
 * @see huggingface_hub 2.4, repocard.py
 */
export function partCard(card: string, warn: (text: string) => void): CardParts {
  const match = FRONT_MATTER.exec(card);
  if (match === null) return { front: {}, body: card };
  return { front: parseFrontMatter(match[1] as string, warn), body: card.slice(match[0].length) };
}

function parseFrontMatter(source: string, warn: (text: string) => void): Record<string, unknown> {
  if (source.length > MAX_FRONT_MATTER) {
    warn(`README.md: the front matter has more than ${MAX_FRONT_MATTER} characters and was not read.`);
    return {};
  }
  try {
    const document = parseDocument(source, { schema: "core", logLevel: "silent", uniqueKeys: false });
    if (document.errors.length > 0) throw document.errors[0] as Error;
    visit(document, {
      Scalar: (key, node) => {
        if (key === "key" || typeof node.value !== "number" || !isScalar(node)) return;
        node.value = new WrittenNumber(node.value, node.source ?? String(node.value));
      },
    });
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : {};
  } catch (error) {
    warn(`README.md: the front matter is not valid YAML and was not read: ${(error as Error).message.split("\n")[0]}`);
    return {};
  }
}
