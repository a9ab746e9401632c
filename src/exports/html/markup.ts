/** A piece of a page, in which nothing is left to escape. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: texts are escaped, nothing is left out as nothing. */
export type Part = Markup | string | number | undefined | readonly Part[];

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Writes a piece of a page: every text in it is escaped, and whatever changes its direction or is not seen is written out. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const plain = strings.map((string) => string.replaceAll(/\n\s+/g, "\n"));
  return new Markup(plain.map((string, i) => string + (i < parts.length ? write(parts[i]) : "")).join(""));
}

/** Escapes a text so that it can be read back: for attributes that nobody sees. */
export function exactly(text: string): Markup {
  const escaped = text.replaceAll(/[\p{Cc}\p{Bidi_Control}\p{Cs}]/gu, (c) => `&#${c.codePointAt(0) as number};`);
  return new Markup(escaped.replaceAll(/[<>"']|&(?!#\d+;)/g, (c) => ENTITIES[c] as string));
}

/** Reads back what {@link exactly} or a template wrote. */
export function unescape(text: string): string {
  const known = new Map(Object.entries(ENTITIES).map(([plain, entity]) => [entity, plain]));
  return text.replaceAll(/&#?\w+;/g, (entity) => known.get(entity) ?? decode(entity));
}

function decode(entity: string): string {
  const [, digits] = /^&#(\d+);$/.exec(entity) ?? [];
  return digits === undefined ? entity : String.fromCodePoint(Number(digits));
}

function write(part: Part): string {
  if (part === undefined) return "";
  if (part instanceof Markup) return part.text;
  if (typeof part === "number") return String(part);
  if (typeof part === "string") return escape(part);
  return part.map(write).join("");
}

function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(
      /(?!\n)[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
      (c) => `\\u{${(c.codePointAt(0) as number).toString(16)}}`,
    )
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
