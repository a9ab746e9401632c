import { type Document, LineCounter, type Node, isMap, isNode, isScalar, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { ProvenanceError } from "./errors.ts";

/** No such file is longer. */
export const YAML_MAX_BYTES = 1024 * 1024;
const MAX_ALIASES = 100;
const SHOWN_FAULTS = 10;

/**
 * Parses the bytes of a file that people write, YAML 1.2 or JSON, and checks its form. A number in hexadecimal stays text: it is an address or a digest.
 *
 * @param name - of the file, as messages begin
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export function parseYaml<Schema extends z.ZodType>(bytes: Uint8Array, schema: Schema, name: string): z.infer<Schema> {
  const lines = new LineCounter();
  const document = parseDocument(decode(bytes, name), {
    lineCounter: lines,
    uniqueKeys: false, // compares every key with every other
    customTags: (tags) => tags.filter((tag) => typeof tag === "string" || !/^(HEX|OCT)$/.test(tag.format ?? "")),
  });
  const [error] = document.errors;
  if (error !== undefined)
    throw invalidDocument(name, [`line ${lines.linePos(error.pos[0]).line}: ${firstLine(error.message)}`]);
  assertUniqueKeys(document, lines, name);
  const parsed = schema.safeParse(toValue(document, name));
  if (parsed.success) return parsed.data;
  throw invalidDocument(
    name,
    parsed.error.issues.map((issue) => describeIssue(issue, document, lines)),
  );
}

/** A key that stands twice would leave open which of its values holds. */
function assertUniqueKeys(document: Document, lines: LineCounter, name: string): void {
  visit(document, {
    Map: (_, { items }) => {
      const seen = new Set<string>();
      for (const { key } of items) {
        const text = isScalar(key) ? String(key.value) : String(key);
        const line = isNode(key) && key.range ? lines.linePos(key.range[0]).line : 0;
        if (seen.has(text)) throw invalidDocument(name, [`line ${line}: Map keys must be unique`]);
        seen.add(text);
      }
    },
  });
}

function describeIssue(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys[0] : undefined;
  const path = unknown === undefined ? issue.path : [...issue.path, unknown];
  const position = findPosition(document, path);
  const where = position === undefined ? "" : `line ${lines.linePos(position).line}, `;
  const text = unknown === undefined ? issue.message : "there is no such key";
  return `${where}${formatPath(path)}: ${text}`;
}

/** Where the value at a path stands, or the nearest thing around it that is there. */
function findPosition(document: Document, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const at = path.slice(0, length);
    const parent = length === 0 ? undefined : document.getIn(at.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find(({ key }) => String(key) === String(at.at(-1))) : undefined;
    const node: unknown = pair?.key ?? document.getIn(at, true);
    if (isNode(node) && (node as Node).range) return (node as Node).range?.[0];
  }
  return undefined;
}

function formatPath(path: readonly PropertyKey[]): string {
  if (path.length === 0) return "the whole";
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : (i > 0 ? "." : "") + String(part))).join("");
}

function toValue(document: Document, name: string): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch (cause) {
    throw invalidDocument(name, [firstLine((cause as Error).message)], cause);
  }
}

function decode(bytes: Uint8Array, name: string): string {
  if (bytes.length > YAML_MAX_BYTES)
    throw invalidDocument(name, [`it has ${bytes.length} bytes, more than the ${YAML_MAX_BYTES} allowed`]);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw invalidDocument(name, ["it is not UTF-8"], cause);
  }
}

function firstLine(text: string): string {
  return (text.split("\n")[0] as string).replace(/ at line \d+, column \d+:?$/, "");
}

/** The error for such a file. @param faults - what is wrong, a sentence without its end each */
export function invalidDocument(name: string, faults: readonly string[], cause?: unknown): ProvenanceError {
  const more = faults.length - SHOWN_FAULTS;
  const shown = [...faults.slice(0, SHOWN_FAULTS), ...(more > 0 ? [`and ${more} more`] : [])];
  return new ProvenanceError("CONFIG_INVALID", `${name} is not valid: ${shown.join("; ")}.`, { cause });
}
