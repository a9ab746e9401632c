import { isRecord as isKeyed } from "../base/is-record.ts";
import { WrittenNumber } from "./front-matter.ts";

const MAX_ENTRIES = 100;
// What the metadata holds of most texts.
const MAX_TEXT = 256;

/** Reads values of a card's front matter, and warns once of each key of which something is not used. */
export class CardReader {
  readonly front: Readonly<Record<string, unknown>>;
  readonly #warn: (text: string) => void;
  readonly #warned = new Set<string>();

  constructor(front: Readonly<Record<string, unknown>>, warn: (text: string) => void) {
    this.front = front;
    this.#warn = warn;
  }

  warn(key: string, what: string): void {
    const text = `README.md: ${key}: ${what}.`;
    if (!this.#warned.has(text)) this.#warn(text);
    this.#warned.add(text);
  }

  /** The text of a key; undefined where it has none. */
  text(key: string, max = MAX_TEXT): string | undefined {
    return this.textOf(key, this.front[key], max);
  }

  /** The texts of a list, or of one. @param isUsed - whether to warn of entries that are none */
  texts(key: string, isUsed = true): string[] {
    return this.entries(key).flatMap((entry) => (isUsed ? this.textOf(key, entry) : textIn(entry, MAX_TEXT)) ?? []);
  }

  /** The entries of a list, or the one value that stands in its place. */
  entries(key: string): readonly unknown[] {
    const value = this.front[key];
    const list: readonly unknown[] = Array.isArray(value) ? value : isNothing(value) ? [] : [value];
    if (list.length > MAX_ENTRIES) this.warn(key, `only the first ${MAX_ENTRIES} of ${list.length} are recorded`);
    return list.slice(0, MAX_ENTRIES);
  }

  /** A value as text: as it is written where it is a number. */
  textOf(key: string, value: unknown, max = MAX_TEXT): string | undefined {
    const text = textIn(value, max);
    if (text === undefined && !isNothing(value)) this.warn(key, `a value is not used: ${describe(value, max)}`);
    return text;
  }
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

function textIn(value: unknown, max: number): string | undefined {
  const text = value instanceof WrittenNumber ? value.source : value;
  if (typeof text !== "string") return undefined;
  const trimmed = text.trim();
  return trimmed !== "" && trimmed.length <= max && trimmed.isWellFormed() ? trimmed : undefined;
}

function describe(value: unknown, max: number): string {
  if (typeof value === "string")
    return value.trim() === "" ? "it is empty" : `it has more than ${max} characters, or is no text`;
  return `it is ${Array.isArray(value) ? "a list" : isRecord(value) ? "an object" : String(value)}, not a text`;
}

/** Tells whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return isKeyed(value) && !(value instanceof WrittenNumber);
}
