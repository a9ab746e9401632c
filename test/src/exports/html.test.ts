import { expect } from "chai";
import * as fc from "fast-check";
import { type ConfigData, HtmlValidate } from "html-validate";
import { HTML } from "../../../src/exports/html/html.ts";
import { toParts } from "../../../src/exports/html/values.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";

const RULES = {
  root: true,
  extends: ["html-validate:recommended"],
  // Void elements are written with a slash, and one page is one file.
  rules: { "void-style": "off", "no-trailing-whitespace": "off", "long-title": "off", "require-sri": "off" },
} satisfies ConfigData;

const toPlain = (page: string) => page.replaceAll(/<style>[^]*<\/style>|<[^>]*>/g, "");

describe("export html", function () {
  let records: ExportedRecords;
  const write = async (name: RecordName, ancestors = false) =>
    Buffer.from(await writeForm(HTML, await records.read(name, { ancestors }))).toString();

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    expectGolden("iris.html", Buffer.from(await write("iris")));
    for (const name of RECORD_NAMES) expect(await write(name), name).to.equal(await write(name));
  });

  it("is valid HTML for every record", async function () {
    const validator = new HtmlValidate(RULES);
    // 7 500 rows alike take the validator ten seconds.
    for (const name of RECORD_NAMES.filter((one) => one !== "manyFiles")) {
      const page = await write(name, true);
      const { results } = await validator.validateString(page);
      const messages = results.flatMap((result) =>
        result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`),
      );
      expect([...new Set(messages)], name).to.deep.equal([]);
    }
    const { valid } = await validator.validateString((await write("iris")).replace("</h1>", "</h2>"));
    expect(valid).to.equal(false);
  });

  it("asks for nothing: no script, no address that is loaded, and a policy that allows none", async function () {
    for (const name of RECORD_NAMES) {
      const page = await write(name, true);
      expect(page, name).to.include(`content="default-src 'none'; style-src 'unsafe-inline'"`);
      expect(page, name).not.to.match(
        /<(script|link|img|iframe|object|embed|base|form)\b|\ssrc=|\son\w+=|url\(|@import/i,
      );
    }
  });

  it("says first that a model was revoked, by whom, when and why, and shows no markup of strangers", async function () {
    const page = await write("revoked");
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    const head = page.slice(page.indexOf("<header>"), page.indexOf("</header>"));
    expect(head)
      .to.include("Revoked: do not use this model")
      .and.include(account)
      .and.include("2 January 2026, 09:00 UTC");
    expect(head).to.include(
      REASON.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;"),
    );
    expect(head).to.include("A &lt;b&gt;leaking&lt;/b&gt; &amp; bad model");
    expect(await write("deprecated")).to.include("Superseded by a better one.");
  });

  it("writes out what would change the direction of a text", async function () {
    const page = await write("japanese");
    expect(page).not.to.match(/[\u202A-\u202E\u2066-\u2069]/u);
    expect(page).to.include("\\u{202e} right to left").and.include("日本語モデル 🌸");
  });

  it("says what was not stated, and invents nothing", async function () {
    const text = toPlain(await write("noDataset"));
    expect(text).to.include("The publisher does not say what data it was trained on.");
    expect(text).to.include("The publisher stated no licence.").and.include("names no model that it was made from");
    expect(text).not.to.match(/undefined|null|NaN|0x0{64}/);
  });

  it("names parents, bases and children, and draws them", async function () {
    const page = await write("mergeOfTwo", true);
    const origin = toPlain(
      page.slice(page.indexOf('<section id="origin">'), page.indexOf('<section id="statements">')),
    );
    for (const name of ["Iris", "iris-perceptron-v2", "hf://lab/third-model@main"]) expect(origin).to.include(name);
    expect(page).to.include("<svg ");
    expect(toPlain(await write("iris")))
      .to.include("Models that say they came from it")
      .and.include("A merge of two");
  });

  it("writes what nobody knows the shape of as lists, and what is too deep or too long as it is", function () {
    const plain = (value: unknown) => toPlain(toParts(value).text).replaceAll(/\s+/g, " ").trim();
    expect(plain({ source: "a <b>", hours: [1, 2], none: [] })).to.equal("source: a &lt;b&gt; hours: 1, 2 none: none");
    expect(plain([{ a: null }, "two\nlines"])).to.equal("a: null two lines");
    expect(plain(Array.from({ length: 101 }, () => ({})))).to.match(/^\[\{\},/);
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 12 }), (value) => {
        expect(toParts(value).text).to.not.match(/<(?!\/?(ul|li|span)\b)/);
      }),
    );
  });

  it("says what a licence asks, for each of its alternatives", async function () {
    const text = toPlain(await write("revoked"));
    expect(text).to.include("what is made from it must be given under the same licence");
    expect(text).to.include("or, as the taker chooses:");
  });

  it("lists every file with its digest, folded away where they are many", async function () {
    const page = await write("manyFiles");
    expect(page.match(/<tr data-name=/g)).to.have.length(7_500);
    expect(page).to.include("<details>").and.include("All 7\u00a0500 files");
    expect(await write("iris")).not.to.include("<details>");
  });
});
