/** Where the dataclasses of a verdict lie. */
export const REPORT_MODULE = new URL("../../../python/src/model_provenance/_report.py", import.meta.url);

/** As much of JSON Schema as the documents use. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly const?: string | boolean;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface DataClass {
  readonly name: string;
  readonly shape: string;
  readonly text: string;
}

const SCALARS: Readonly<Record<string, string>> = { string: "str", integer: "int", number: "float", boolean: "bool" };
/** Words that Python keeps for itself. */
const KEYWORDS = new Set(["from", "class", "def", "is", "in", "not", "or", "and", "pass", "import", "global"]);
/** Better names than that of the place. */
const NAMES: Readonly<Record<string, string>> = {
  expected: "FileContent",
  actual: "FileContent",
  damaged: "ByteRange",
  latest: "LatestVersion",
  sameWeights: "SameWeights",
  excluded: "ExcludedFile",
};

/**
 * The module of frozen dataclasses for the document that `verify --json` prints, made of its JSON Schema: one class for every
 * object, named after where it stands; objects of the same form share one.
 */
export function reportModule(schema: object): string {
  const classes: DataClass[] = [];
  declare(schema, { key: "report", isList: false }, classes);
  return [
    '"""What `verify` found out, as dataclasses. Made by npm run make:schema from schema/verify-report.schema.json."""',
    "",
    "from __future__ import annotations",
    "",
    "from dataclasses import dataclass",
    "from typing import Literal",
    "",
    `__all__ = [`,
    ...classes.map(({ name }) => `    "${name}",`).toSorted(),
    "]",
    "",
    ...classes.flatMap(({ text }) => ["", text]),
  ].join("\n");
}

/** Where an object stands: under which key of which class. */
interface Place {
  readonly key: string;
  readonly isList: boolean;
  readonly parent?: string;
}

/** Writes the class of an object after those that it needs. @returns its name */
function declare(schema: Schema, { key: place, isList, parent }: Place, classes: DataClass[]): string {
  const { properties = {}, required = [] } = schema;
  const shape = JSON.stringify([properties, required], (key, value: unknown) =>
    key === "description" ? undefined : value,
  );
  const same = classes.find((other) => other.shape === shape);
  if (same !== undefined) return same.name;
  const wanted = NAMES[place] ?? capitalize(isList ? singular(place) : place);
  const name = classes.some((other) => other.name === wanted) ? `${parent}${wanted}` : wanted;
  const rows = Object.entries(properties).map(([key, value]) => {
    const type = typeOf(value, { key, isList: false, parent: name }, classes);
    const field = toSnake(key) + (KEYWORDS.has(key) ? "_" : "");
    const text = value.description ?? value.items?.description;
    const line = `    ${field}: ${required.includes(key) ? type : `${type} | None = None`}`;
    return text === undefined ? [line] : [line, `    """${capitalize(text)}."""`];
  });
  const stands = isList ? `One of \`${toSnake(place)}\`` : `The \`${toSnake(place)}\``;
  const about = schema.description ?? (parent === undefined ? stands : `${stands} of \`${parent}\``);
  const text = [
    "@dataclass(frozen=True, kw_only=True)",
    `class ${name}:`,
    `    """${capitalize(about)}."""`,
    "",
    ...rows.flat(),
  ].join("\n");
  classes.push({ name, shape, text: `${text}\n` });
  return name;
}

function typeOf(schema: Schema, place: Place, classes: DataClass[]): string {
  if (schema.type === "array") return `tuple[${typeOf(schema.items ?? {}, { ...place, isList: true }, classes)}, ...]`;
  if (schema.type === "object") return declare(schema, place, classes);
  if (schema.enum !== undefined) return `Literal[${schema.enum.map((value) => JSON.stringify(value)).join(", ")}]`;
  if (typeof schema.const === "string") return `Literal[${JSON.stringify(schema.const)}]`;
  const scalar = SCALARS[schema.type ?? ""];
  if (scalar === undefined) throw new Error(`There is no Python type for ${place.key}: ${JSON.stringify(schema)}`);
  return scalar;
}

function singular(key: string): string {
  return key.replace(/(ss)$|ies$|s$/, (end) => (end === "ss" ? end : end === "ies" ? "y" : ""));
}

function toSnake(key: string): string {
  return key.replaceAll(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase();
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
