import { describeStatus, metadataUri, versionOf } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { FieldRow, FormWriter } from "../form.ts";
import { QUESTIONNAIRES, type Question } from "./questions.ts";

const FIELDS: readonly FieldRow[] = [
  { ours: "record.id", theirs: "model.id" },
  { ours: "metadata.name", theirs: "model.name" },
  { ours: "version", theirs: "model.version" },
  { ours: "status.word", theirs: "model.status", note: "with who, when and why" },
  { ours: "record.metadataDigest", theirs: "model.metadata" },
  { ours: "extensions.gpai", theirs: "parts[].items[].answer", note: "the publisher's own words come first" },
  {
    ours: "task, license, modelArchitecture, parameters, …",
    theirs: "parts[].items[].from",
    note: "which of the record",
  },
  { ours: "what no record says", theirs: "parts[].items[].missing" },
];

/** Writes the JSON. */
export const GPAI_JSON_WRITER: FormWriter = {
  fields: FIELDS,
  write: (model) => `${JSON.stringify(fillIn(model), null, 2)}\n`,
};

/** Writes the same as Markdown. */
export const GPAI_MARKDOWN_WRITER: FormWriter = { fields: FIELDS, write: (model) => toMarkdown(fillIn(model)) };

function fillIn(model: ExportedModel) {
  const { id, metadata, status } = model;
  const version = versionOf(model);
  const parts = QUESTIONNAIRES.map(({ name, title, source, questions }) => {
    const items = questions.map((question) => answer(question, model));
    return { name, title, source, missing: items.filter(({ missing }) => missing === true).length, items };
  });
  return {
    about:
      "Filled from the record of a model alone. It is no legal advice, and no proof that what the publisher states is true.",
    model: {
      id,
      name: metadata.name,
      ...(version !== undefined && { version }),
      status: status.statement === undefined ? status.word : describeStatus(status.statement),
      metadata: metadataUri(model),
    },
    parts,
  };
}

interface Item {
  readonly id: string;
  readonly asks: string;
  readonly answer?: string;
  /** Whether the publisher wrote it for this, or it was taken from the rest of the record. */
  readonly from?: "publisher" | "record";
  readonly missing?: true;
}

function answer({ id, asks, answer: read }: Question, model: ExportedModel): Item {
  const { gpai } = model.metadata.provenance.extensions ?? {};
  const own =
    typeof gpai === "object" && gpai !== null && Object.hasOwn(gpai, id)
      ? (gpai as Record<string, unknown>)[id]
      : undefined;
  if (own !== undefined && own !== null && own !== "") {
    return { id, asks, answer: typeof own === "string" ? own : JSON.stringify(own), from: "publisher" };
  }
  const found = read?.(model);
  return found === undefined ? { id, asks, missing: true } : { id, asks, answer: found, from: "record" };
}

function toMarkdown({ about, model, parts }: ReturnType<typeof fillIn>): string {
  const lines = [
    `# ${escape(model.name)}${model.version === undefined ? "" : ` ${escape(model.version)}`}`,
    "",
    about,
    "",
  ];
  lines.push(
    `- Status: ${escape(model.status)}`,
    `- Record: ${escape(model.id)}`,
    `- Metadata: ${escape(model.metadata)}`,
    "",
  );
  for (const { title, source, items, missing } of parts) {
    lines.push(`## ${title}`, "", `${source}. Of ${items.length} points ${missing} are missing.`, "");
    for (const { asks, answer: said, from } of items) {
      const words = said === undefined ? "**Missing:** the record does not say." : `${quote(said)}`;
      lines.push(
        `### ${asks}`,
        "",
        words,
        "",
        ...(from === "publisher" ? ["Answered by the publisher for this document.", ""] : []),
      );
    }
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** A stranger's text, of which nothing is markup. */
function escape(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, (c) =>
      c === "\n" ? " " : `\\u{${(c.codePointAt(0) as number).toString(16)}}`,
    )
    .replaceAll(/[\\`*_{}[\]<>()|~&]|^\s*[#+=-]|(?<=^\s*\d+)\./g, (found) => found.replace(/.$/, "\\$&"));
}

function quote(text: string): string {
  return text
    .split("\n")
    .map((line) => `> ${escape(line)}`)
    .join("\n");
}
