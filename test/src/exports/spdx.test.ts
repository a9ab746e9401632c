import { expect } from "chai";
import { SPDX } from "../../../src/exports/spdx/spdx.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import {
  type ExportedRecords,
  RECORD_NAMES,
  type RecordName,
  exportedRecords,
} from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";
import { runValidator } from "../../helpers/validators/run-validator.ts";

type Element = Readonly<Record<string, unknown>> & { readonly type: string; readonly spdxId: string };

const elementsOf = (bytes: Uint8Array) =>
  (JSON.parse(Buffer.from(bytes).toString()) as { "@graph": readonly Element[] })["@graph"];

describe("export spdx", function () {
  let records: ExportedRecords;
  const write = async (name: RecordName, ancestors = false) => writeForm(SPDX, await records.read(name, { ancestors }));

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    expectGolden("iris.spdx.json", await write("iris"));
    for (const name of RECORD_NAMES) {
      const anew = await writeForm(SPDX, await records.readAnew(name));
      expect(Buffer.compare(await write(name), anew), name).to.equal(0);
    }
  });

  it("is read by SPDX's own model without a loss, which refuses what it does not know", async function () {
    const valid = await Promise.all(RECORD_NAMES.map(async (name) => write(name, name === "mergeOfTwo")));
    const text = Buffer.from(valid[0] ?? []).toString();
    const changes: [string | RegExp, string][] = [
      ['"ai_AIPackage"', '"ai_AIPackageX"'],
      ['"ai_domain"', '"ai_domaim"'],
      ['"algorithm": "sha256"', '"algorithm": "sha257"'],
      [/"to": \[\n\s*"/, '"to": ["eip155:1:0x/'],
      // What the shapes of SPDX ask for, of which the model is made: something that must be there, once, and of a form.
      [/"specVersion": "3.0.1",/, ""],
      [/"simplelicensing_licenseExpression": "[^"]*"/, '"name": "x"'],
      [/"relationshipType": "contains",/, ""],
      [/,\s*"hashValue": "[0-9a-f]*"/, ""],
      [/"dataset_datasetType": \[[^\]]*\],?/, ""],
      [/"hashValue": ("[0-9a-f]*")/, '"hashValue": [$1, $1]'],
      ['"created": "2026-01-02T01:00:00Z"', '"created": "yesterday"'],
    ];
    const wrong = changes.map(([from, to]) => Buffer.from(text.replace(from, to)));
    const said = await runValidator("validate-spdx.py", [...valid, ...wrong]);
    if (said === undefined) return this.skip();
    expect(said.slice(0, valid.length)).to.deep.equal(valid.map(() => null));
    expect(said.slice(valid.length).map((fault) => typeof fault)).to.deep.equal(changes.map(() => "string"));
  });

  it("says of a revoked model that it has no support, until when it was valid, by whom and why", async function () {
    const elements = elementsOf(await write("revoked"));
    const model = elements.find(({ spdxId }) => spdxId?.endsWith("#Model"));
    expect(model).to.deep.include({ supportLevel: ["noSupport"], validUntilTime: "2026-01-02T09:00:00Z" });
    const said = elements.findLast(({ type }) => type === "Annotation");
    expect(said?.["statement"]).to.include(REASON);
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    const creation = elements.find((one) => one["@id"] === said?.["creationInfo"]);
    expect(creation).to.deep.include({
      created: "2026-01-02T09:00:00Z",
      createdBy: [`${modelId("revoked")}#Agent-${account}`],
    });
  });

  it("claims a profile only where all that it asks for is known", async function () {
    const profilesOf = async (name: RecordName) => elementsOf(await write(name))[1]?.["profileConformance"];
    expect(await profilesOf("iris")).to.include("ai");
    expect(await profilesOf("noDataset")).not.to.include("ai");
    expect(JSON.stringify(elementsOf(await write("noDataset")))).not.to.match(/trainedOn|LicenseExpression|0x0{64}/);
  });

  it("links all ancestors where that is asked for", async function () {
    const elements = elementsOf(await write("mergeOfTwo", true));
    const named = new Map(elements.map(({ spdxId, name }) => [spdxId, name]));
    const links = elements
      .filter(({ relationshipType }) => relationshipType === "descendantOf")
      .map(({ from, to }) => [named.get(from as string), (to as string[]).map((id) => named.get(id))]);
    expect(links).to.deep.equal([
      ["A merge of two", ["Iris", "iris-perceptron-v2"]],
      ["iris-perceptron-v2", ["Iris"]],
      ["A merge of two", ["hf://lab/third-model@main"]],
    ]);
  });

  const modelId = (name: RecordName) => {
    const { address } = records.registry;
    return `eip155:31337:${address}/0x${records.tokenIds[name].toString(16).padStart(64, "0")}`;
  };
});
