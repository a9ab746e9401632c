import { Buffer } from "buffer";
const MAGIC = Buffer.from("\x93NUMPY", "latin1");
/** The longest header that NumPy reads without being told to trust the file. @see numpy.lib.format, max_header_size */
export const MAX_NPY_HEADER_BYTES = 10_000;
const LETTERS: Readonly<Record<string, string>> = { f: "F", i: "I", u: "U", c: "C", V: "V" };
const NUMBERS = /^[<>|=]?([fiucV])(\d{1,4})$/;
const BOOLEANS = /^[|?]?(b1|\?)$/;
const OBJECTS = /^[<>|=]?O\d*$/;

/** What the header of one NumPy array says. */
export interface ArrayHeader {
  /** Its elements, or fields of them, are Python objects: they are pickled. */
  readonly hasObjects: boolean;
  /** Where its elements are numbers, or bytes of an extension's number type. */
  readonly numbers?: { readonly dtype: string; readonly shape: readonly number[] };
}

/**
 * Reads the header at the start of a `.npy` file. Arrays of numbers, texts, bytes, dates and records hold no pickle; those of
 * objects do, also as a field of a record, and what NumPy cannot be said to read counts as they do.
 *
 * @returns undefined where the bytes do not begin as a NumPy array
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readArrayHeader(start: Buffer): ArrayHeader | undefined {
  if (start.length < 12 || !start.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const [lengthBytes, length] = start[6] === 1 ? [2, start.readUInt16LE(8)] : [4, start.readUInt32LE(8)];
  const begin = MAGIC.length + 2 + lengthBytes;
  if (length > MAX_NPY_HEADER_BYTES || begin + length > start.length) return { hasObjects: true };
  const text = start.toString(start[6] === 3 ? "utf8" : "latin1", begin, begin + length);
  const header = new Literal(text).read();
  if (!(header instanceof Map) || !header.has("descr")) return { hasObjects: true };
  const type: unknown = header.get("descr");
  const shape: unknown = header.get("shape");
  const numbers = typeof type === "string" && isShape(shape) ? readNumbers(type) : undefined;
  return {
    hasObjects: hasObjects(type),
    ...(numbers !== undefined && { numbers: { dtype: numbers, shape: shape as number[] } }),
  };
}

/** A type is a text, or a list of fields: (name, type) or (name, type, shape). */
function hasObjects(type: unknown): boolean {
  if (typeof type === "string") return OBJECTS.test(type);
  if (!Array.isArray(type)) return true;
  return type.some((field) => !Array.isArray(field) || hasObjects(field[1]));
}

function readNumbers(type: string): string | undefined {
  if (BOOLEANS.test(type)) return "BOOL";
  const [, kind = "", bytes] = NUMBERS.exec(type) ?? [];
  return bytes === undefined ? undefined : `${LETTERS[kind]}${Number(bytes) * 8}`;
}

function isShape(value: unknown): boolean {
  return Array.isArray(value) && value.every((dimension) => typeof dimension === "number");
}

const MAX_DEPTH = 16;

/** The few Python literals that stand in such a header: texts, numbers, True and False, tuples, lists and one dictionary. */
class Literal {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @returns undefined for anything else */
  read(): unknown {
    try {
      const value = this.#value(0);
      return this.#take(/\s*$/y) === undefined ? undefined : value;
    } catch {
      return undefined;
    }
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#text) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found?.trim();
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new Error("too deep");
    const open = this.#take(/\s*[[({]/y);
    if (open === "{") return new Map(this.#items("}", () => this.#pair(depth + 1)));
    if (open !== undefined) return this.#items(open === "[" ? "]" : ")", () => this.#value(depth + 1));
    const word = this.#take(/\s*(?:True|False|None|-?\d+L?)/y);
    if (word !== undefined) return /^-?\d/.test(word) ? Number.parseInt(word, 10) : word === "True";
    const quoted = this.#take(/\s*[ubUB]?(?:'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")/y);
    if (quoted === undefined) throw new Error("no literal");
    return quoted.replace(/^[ubUB]/, "").slice(1, -1);
  }

  #pair(depth: number): [unknown, unknown] {
    const key = this.#value(depth);
    if (this.#take(/\s*:/y) === undefined) throw new Error("no colon");
    return [key, this.#value(depth)];
  }

  #items<T>(close: string, read: () => T): T[] {
    const items: T[] = [];
    while (this.#take(new RegExp(`\\s*\\${close}`, "y")) === undefined) {
      items.push(read());
      if (this.#take(/\s*,/y) === undefined && this.#take(new RegExp(`\\s*(?=\\${close})`, "y")) === undefined) {
        throw new Error("no comma");
      }
    }
    return items;
  }
}
