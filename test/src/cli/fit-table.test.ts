import { expect } from "chai";
import * as fc from "fast-check";
import { cut, fitTable, widthOf } from "../../../src/cli/fit-table.ts";

const HEADER = ["Model Name", "Architecture", "Size"];

describe("fitTable", function () {
  it("cuts the widest columns first, and says that it did", function () {
    const text = fitTable(HEADER, [["owner/a-very-long-name-of-a-model", "BertModel", "30522"]], { width: 40 });
    expect(Math.max(...text.split("\n").map(widthOf))).to.be.at.most(40);
    expect(text).to.include("…").and.to.include("BertModel").and.to.include("30522");
  });

  it("cuts nothing where there is no width", function () {
    expect(fitTable(["A"], [["x".repeat(500)]])).to.equal(`A\n${"x".repeat(500)}`);
  });

  it("keeps most of the columns that wish for most", function () {
    const rows = [["owner/a-long-name-of-a-model", "x".repeat(500), "2024-01-01T00:00:00.000Z"]];
    const text = fitTable(["Name", "Tokens", "Date"], rows, { width: 60, wishes: [30, 8, 11] });
    expect(Math.max(...text.split("\n").map(widthOf))).to.be.at.most(60);
    expect(text).to.include("owner/a-long-name-of-a-model").and.to.include("2024-01-01T");
  });

  it("cuts names that end differently in their middle", function () {
    const rows = [["owner/a-long-name-of-a-model-base"], ["owner/a-long-name-of-a-model-large"]];
    const text = fitTable(["Name"], rows, { width: 15, inMiddle: [0] });
    expect(text).to.equal("Name\nowner/a…el-base\nowner/a…l-large");
  });

  it("writes lines instead of columns on a narrow terminal", function () {
    expect(fitTable(HEADER, [["a/b", "Bert", "7"]], { width: 12 })).to.equal("Model Name:…\nArchitectur…\nSize: 7");
  });

  it("knows that some characters take two cells", function () {
    expect([widthOf("abc"), widthOf("模型"), widthOf("é"), widthOf("👩‍🔬")]).to.deep.equal([3, 4, 1, 2]);
    expect(cut("模型模型", 5)).to.equal("模型…");
  });

  it("never exceeds the width and lets no control character through", function () {
    const cell = fc.string({ unit: "grapheme", maxLength: 60 });
    const row = fc.tuple(cell, cell, cell);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 5 }), fc.integer({ min: 1, max: 120 }), (rows, width) => {
        for (const line of fitTable(HEADER, rows, { width, inMiddle: [1] }).split("\n")) {
          expect(widthOf(line)).to.be.at.most(width);
          expect(line).to.not.match(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
        }
      }),
    );
  });
});
