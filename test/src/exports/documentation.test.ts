import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { format } from "prettier";
import type { ExportForm, FieldRow } from "../../../src/exports/form.ts";
import { ALL_FORMS } from "../../../src/exports/all-forms.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { toPublisher } from "../../../src/registry/publishers/publisher.ts";
import { openKeySigner } from "../../../src/model/oms/key-signer.ts";
import { TEST_KEY } from "../../helpers/export-key.ts";
import { RECORD_NAMES, exportedRecords } from "../../helpers/exported-records.ts";

const PAGE = new URL("../../../docs/exports.md", import.meta.url);

/** The part of docs/exports.md that is made from the forms. */
async function makeTables(): Promise<string> {
  const sections = ALL_FORMS.map(async (form) => {
    const { fields } = await form.load();
    const rows = fields.map(({ ours, theirs, note }) => {
      return `- \`${ours}\` → \`${theirs}\`${note === undefined ? "" : ` (${note})`}`;
    });
    return [`### ${form.title}`, "", ...rows].join("\n");
  });
  return format((await Promise.all(sections)).join("\n\n"), { parser: "markdown", printWidth: 120 });
}

/** The list of forms, as it stands at the head of the page. */
async function makeList(): Promise<string> {
  const rows = ALL_FORMS.map(({ name, summary, specs = [], extension }) => {
    return `| \`${name}\` | ${summary} | ${specs.join(", ")} | \`.${extension}\` |`;
  });
  const head = ["| form | what it is | versions | file |", "| --- | --- | --- | --- |"];
  return format([...head, ...rows].join("\n"), { parser: "markdown", printWidth: 120 });
}

/** Puts a text between two marks of the page. */
function replaceBetween(page: string, mark: string, text: string): string {
  const [begin, end] = [`<!-- ${mark}: made by test/src/exports/documentation.test.ts -->\n`, `<!-- /${mark} -->`];
  expect(page).to.include(begin).and.include(end);
  return `${page.split(begin)[0]}${begin}\n${text}\n${end}${page.split(end)[1]}`;
}

/** Tells whether a document has something at a path of a row. */
function has(document: unknown, path: string): boolean {
  let found: unknown[] = [document];
  for (const part of path.split(".")) {
    const key = part.replace("[]", "");
    found = found.flatMap((value) => {
      const inner = (value as Record<string, unknown> | undefined)?.[key];
      return inner === undefined ? [] : part.endsWith("[]") ? inner : [inner];
    });
  }
  return found.length > 0;
}

/** Everything that a form writes of the ten records, with all that any of its rows may need. */
async function writeAll(form: ExportForm): Promise<unknown[]> {
  const { read } = await exportedRecords();
  const { readDocument } = await form.load();
  const claim = { source: "did:web", id: "did:web:example.org", name: "example.org", holds: "yes" } as const;
  return Promise.all(
    RECORD_NAMES.map(async (name) => {
      const ancestors = form.takes?.includes("ancestors") === true;
      const model = await read(name, { ancestors });
      const publisher = toPublisher(model.record.creator, [claim]);
      const signer = form.isSigned ? openKeySigner(TEST_KEY) : undefined;
      const bytes = await writeForm(form, { ...model, publisher }, { ...(signer && { signer }) });
      return readDocument?.(bytes) ?? (JSON.parse(Buffer.from(bytes).toString()) as unknown);
    }),
  );
}

describe("docs/exports.md", function () {
  it("has the list and the rows of every form, as the code has them", async function () {
    const page = readFileSync(PAGE, "utf8");
    const listed = replaceBetween(page, "forms", await makeList());
    const wanted = replaceBetween(listed, "fields", await makeTables());
    if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(PAGE, wanted);
    else expect(page).to.equal(wanted);
  });

  for (const form of ALL_FORMS) {
    it(`says of ${form.name} what it writes: every field is there in one of the ten records`, async function () {
      const { fields, readDocument } = await form.load();
      expect(fields).to.have.length.above(3);
      if (readDocument === undefined && !form.mediaType.includes("json")) {
        // The same document stands in another form, which can be looked into.
        const others = ALL_FORMS.filter((other) => other !== form && other.mediaType.includes("json"));
        const loaded = await Promise.all(others.map(async (other) => (await other.load()).fields));
        expect(loaded).to.include(fields);
        return;
      }
      const documents = await writeAll(form);
      const missing = fields.filter(({ theirs }: FieldRow) => !documents.some((document) => has(document, theirs)));
      expect(missing.map(({ theirs }) => theirs)).to.deep.equal([]);
    });
  }
});
