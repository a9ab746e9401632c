import { readFile, readdir, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { COLUMNS, MORE_COLUMNS } from "../../../src/hub/columns.ts";
import { type RecordCells, extendModelsTable } from "../../../src/hub/models-table.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const SEVEN = COLUMNS.join(",");
const HEADER =
  `${SEVEN},Token,Batch,Transaction,Revision,License,Modality,Library,Parameters,Datasets,Metrics,` +
  "Base Models,Relation,Vocabulary Size From,Model Digest,Manifest Root,Weights Digest";

/** A model as a run finds it: the seven columns, then all others. */
function model(repository: string, revision: string, record: RecordCells = {}, architecture = "Bert") {
  const seven = [repository, architecture, "30522", "N/A", "other", "N/A", "2026"];
  const more = MORE_COLUMNS.map((column) => ({ Revision: revision, License: "MIT" })[column as string] ?? "N/A");
  return { repository, record, cells: async () => Promise.resolve([...seven, ...more]) };
}

function row(repository: string, place: string, revision: string, end = ""): string {
  return `${repository},Bert,30522,N/A,other,N/A,2026,${place},${revision},MIT${",N/A".repeat(11)}${end}`;
}

describe("extendModelsTable", function () {
  const temporary = useTemporaryFolder();
  const table = () => temporary.path("models.csv");
  const lines = async () => (await readFile(table(), "utf8")).trimEnd().split("\r\n");

  it("keeps every row in its place, adds the newest last, and fills in what became known", async function () {
    await extendModelsTable(table(), [model("lab/one", "1"), model("lab/two", "1")]);
    await extendModelsTable(table(), [
      model("lab/three", "1", { Batch: "0xb", Transaction: "0xt" }),
      model("lab/two", "1", { Token: "0x2", Transaction: "0xt" }),
      model("lab/one", "2"),
      model("lab/one", "2"),
    ]);
    await extendModelsTable(table(), [model("lab/two", "1")]);
    expect(await lines()).to.deep.equal([
      HEADER,
      row("lab/one", "N/A,N/A,N/A", "1"),
      row("lab/two", "0x2,N/A,0xt", "1"),
      row("lab/three", "N/A,0xb,0xt", "1"),
      row("lab/one", "N/A,N/A,N/A", "2"),
    ]);
  });

  it("knows a model again whose name has commas, quotes or begins a formula", async function () {
    const names = ["lab/a,b", 'lab/"q"', "=1+1", "@x;=y", "lab/line\r\n-end"];
    const models = names.map((name) => model(name, "1"));
    await extendModelsTable(table(), models);
    const written = await readFile(table(), "utf8");
    expect(written).to.include('"lab/a,b",Bert').and.to.include("\r\n'=1+1,Bert").and.to.include("\r\n'@x;'=y,Bert");
    await extendModelsTable(table(), models.toReversed());
    expect(await readFile(table(), "utf8")).to.equal(written);
  });

  it("extends a table of the proof of concept, and one with columns of somebody's own", async function () {
    const old = [
      "lab/old,Gone,1,N/A,other,N/A,2023",
      "lab/one,Bert,30522,N/A,other,N/A,2026",
      "lab/two,Bert,1,{},x,y,z",
    ];
    await writeFile(table(), `\uFEFF${SEVEN}\n${old.join("\n")}\n`);
    await extendModelsTable(table(), [model("lab/two", "1"), model("lab/one", "1", { Token: "0x1" })]);
    const nothing = ",N/A".repeat(16);
    expect(await lines()).to.deep.equal([
      HEADER,
      `${old[0]}${nothing}`,
      row("lab/one", "0x1,N/A,N/A", "1"),
      `${old[2]}${nothing}`,
      row("lab/two", "N/A,N/A,N/A", "1"),
    ]);
    await writeFile(table(), `${SEVEN},Notes,Revision\r\n${old[1]},"mine, and dear",1\r\n`);
    await extendModelsTable(table(), [model("lab/one", "1"), model("lab/two", "1")]);
    expect(await lines()).to.deep.equal([
      `${HEADER},Notes`,
      row("lab/one", "N/A,N/A,N/A", "1", ',"mine, and dear"'),
      row("lab/two", "N/A,N/A,N/A", "1", ",N/A"),
    ]);
  });

  it("leaves a file alone that is no such table, and the old table where it cannot go on", async function () {
    for (const other of ["", "Name,Architecture\n", `${SEVEN}\na,b,c,d,e,f,g,h\n`, `${SEVEN}\n"a,b`]) {
      await writeFile(table(), other);
      const extended = await errorCode(async () => extendModelsTable(table(), [model("lab/one", "1")]));
      expect(extended, other).to.equal(other === "" ? "no error" : "OPTION_INVALID");
      if (other !== "") expect(await readFile(table(), "utf8")).to.equal(other);
    }
    await writeFile(table(), Buffer.from(`${SEVEN}\n\xff,b\n`, "latin1"));
    expect(await errorCode(async () => extendModelsTable(table(), []))).to.equal("OPTION_INVALID");
    await writeFile(table(), `${SEVEN}\na,b,c,d,e,f,g\n`);
    const failing = { ...model("lab/one", "1"), cells: async () => Promise.reject(new Error("the state is gone")) };
    let fault: unknown;
    await extendModelsTable(table(), [failing]).catch((error: unknown) => (fault = error));
    expect(String(fault)).to.include("the state is gone");
    expect(await readFile(table(), "utf8")).to.equal(`${SEVEN}\na,b,c,d,e,f,g\n`);
    expect(await readdir(temporary.path("."))).to.have.members([".model-provenance", "models.csv"]);
  });

  it("loses no row where several runs write at the same time", async function () {
    const names = Array.from({ length: 8 }, (_, i) => `lab/${i}`);
    await Promise.all(names.map(async (name) => extendModelsTable(table(), [model(name, "1")])));
    expect((await lines()).slice(1).map((line) => line.split(",")[0])).to.have.members(names);
  });
});
