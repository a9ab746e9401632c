import { expect } from "chai";
import { GPAI, GPAI_JSON } from "../../../src/exports/gpai/gpai.ts";
import { QUESTIONNAIRES } from "../../../src/exports/gpai/questions.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import type { ExportedModel } from "../../../src/exports/exported-model.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";

interface Filled {
  readonly model: { readonly status: string };
  readonly parts: readonly {
    readonly name: string;
    readonly missing: number;
    readonly items: readonly { id: string; answer?: string; from?: string; missing?: true }[];
  }[];
}

describe("export gpai", function () {
  let records: ExportedRecords;
  const fill = async (model: ExportedModel) =>
    JSON.parse(Buffer.from(await writeForm(GPAI_JSON, model)).toString()) as Filled;
  const readItems = async (name: RecordName) => {
    const { parts } = await fill(await records.read(name));
    return new Map(parts.flatMap(({ items }) => items.map((item) => [item.id, item] as const)));
  };

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    const iris = await records.read("iris");
    expectGolden("iris.gpai.md", await writeForm(GPAI, iris));
    expectGolden("iris.gpai.json", await writeForm(GPAI_JSON, iris));
    for (const name of RECORD_NAMES) {
      for (const form of [GPAI, GPAI_JSON]) {
        const again = await writeForm(form, await records.read(name));
        expect(await writeForm(form, await records.read(name)), name).to.deep.equal(again);
      }
    }
  });

  it("asks everything once, under a name of its own", function () {
    const ids = QUESTIONNAIRES.flatMap(({ questions }) => questions.map(({ id }) => id));
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it("fills in what the record says, and names what is missing as missing", async function () {
    const iris = await readItems("iris");
    expect(iris.get("licence")).to.include({ answer: "Apache-2.0", from: "record" });
    expect(iris.get("tasks")?.answer).to.include("tabular-classification");
    expect(iris.get("energy")?.answer).to.include("trainingKwh: 0.00002");
    expect(iris.get("acceptableUse")).to.deep.include({ missing: true });
    const bare = await readItems("noDataset");
    for (const id of ["licence", "data", "energy", "metrics", "publicDatasets"]) {
      if (bare.has(id)) expect(bare.get(id), id).to.deep.include({ missing: true });
    }
    for (const { parts } of await Promise.all(RECORD_NAMES.map(async (name) => fill(await records.read(name))))) {
      for (const { items, missing } of parts) {
        expect(missing).to.equal(items.filter((item) => item.missing).length);
        for (const item of items) expect(item.answer === undefined).to.equal(item.missing === true);
      }
    }
  });

  it("takes the publisher's own answer first", async function () {
    const iris = await records.read("iris");
    const extensions = { gpai: { crawled: "None was crawled.", licence: "", tasks: ["one", "two"] } };
    const { provenance } = iris.metadata;
    const answered = { ...iris, metadata: { ...iris.metadata, provenance: { ...provenance, extensions } } };
    const { parts } = await fill(answered);
    const items = new Map(parts.flatMap((part) => part.items.map((item) => [item.id, item] as const)));
    expect(items.get("crawled")).to.include({ answer: "None was crawled.", from: "publisher" });
    expect(items.get("licence")).to.include({ answer: "Apache-2.0", from: "record" });
    expect(items.get("tasks")).to.include({ answer: '["one","two"]', from: "publisher" });
    const page = Buffer.from(await writeForm(GPAI, answered)).toString();
    expect(page).to.include("Answered by the publisher for this document.");
  });

  it("says of a revoked model by whom, when and why, and writes no markup of strangers", async function () {
    const { model } = await fill(await records.read("revoked"));
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    expect(model.status).to.equal(`revoked since 2026-01-02T09:00:00Z, said by ${account}: ${REASON}`);
    const page = Buffer.from(await writeForm(GPAI, await records.read("revoked"))).toString();
    expect(page).to.include("\\<script\\>alert\\(1\\)").and.not.include("<script>");
    const japanese = Buffer.from(await writeForm(GPAI, await records.read("japanese"))).toString();
    expect(japanese).not.to.match(/[\u202A-\u202E]/u);
  });
});
