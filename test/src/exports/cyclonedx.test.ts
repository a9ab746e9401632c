import { expect } from "chai";
import { CYCLONEDX } from "../../../src/exports/cyclonedx/cyclonedx.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { type ExportedRecords, RECORD_NAMES, exportedRecords } from "../../helpers/exported-records.ts";
import { REASON } from "../../helpers/exported-statements.ts";
import { expectGolden } from "../../helpers/golden.ts";
import { runValidator } from "../../helpers/validators/run-validator.ts";

interface Bom {
  readonly version: number;
  readonly metadata: { readonly component: Component; readonly lifecycles?: { phase: string }[] };
  readonly components: readonly Component[];
  readonly dependencies: readonly { ref: string; dependsOn?: string[] }[];
  readonly annotations?: readonly { annotator: { individual?: { name: string } }; timestamp: string; text: string }[];
}

interface Component {
  readonly type: string;
  readonly name: string;
  readonly "bom-ref"?: string;
  readonly licenses?: readonly object[];
  readonly pedigree?: { ancestors: readonly Component[] };
  readonly modelCard?: { modelParameters?: { datasets?: object[] } };
  readonly properties?: readonly { name: string; value: string }[];
}

const parse = (bytes: Uint8Array) => JSON.parse(Buffer.from(bytes).toString()) as Bom;

describe("export cyclonedx", function () {
  let records: ExportedRecords;
  const write = async (name: (typeof RECORD_NAMES)[number], spec?: string, ancestors = false) =>
    writeForm(CYCLONEDX, await records.read(name, { ancestors }), spec === undefined ? {} : { spec });

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    expectGolden("iris.cdx.json", await write("iris"));
    for (const name of RECORD_NAMES) {
      const anew = await writeForm(CYCLONEDX, await records.readAnew(name));
      expect(Buffer.compare(await write(name), anew), name).to.equal(0);
    }
  });

  it("is accepted by the library of CycloneDX in both versions, which refuses a key that there is not", async function () {
    const all = await Promise.all(RECORD_NAMES.map(async (name) => write(name, "1.7", name === "mergeOfTwo")));
    // Comparing 7 500 components with each other takes the library seconds: once is enough.
    const older = await Promise.all(RECORD_NAMES.map(async (name) => (name === "manyFiles" ? [] : write(name, "1.6"))));
    const valid = [...all, ...older.filter((bytes) => !Array.isArray(bytes))] as Uint8Array[];
    const wrong = Buffer.from(all[0] ?? [])
      .toString()
      .replace('"modelCard": {', '"modelCard": { "bogus": 1,');
    const said = await runValidator("validate-cyclonedx.js", [...valid, Buffer.from(wrong)]);
    expect(said?.slice(0, -1)).to.deep.equal(valid.map(() => null));
    expect(said?.at(-1)).to.include("bogus");
  });

  it("is accepted by cyclonedx-python-lib in both versions", async function () {
    // Comparing 7 500 components with each other takes this library half a minute of a core: .ci/long does it, once.
    const isLong = process.env["EXPORT_TESTS"] === "long";
    const names = RECORD_NAMES.filter((name) => name !== "manyFiles");
    const asked = ["1.7", "1.6"].flatMap((spec) => {
      return [...names, ...(isLong && spec === "1.7" ? (["manyFiles"] as const) : [])].map(
        (name) => [name, spec] as const,
      );
    });
    const valid = await Promise.all(asked.map(async ([name, spec]) => write(name, spec)));
    const wrong = Buffer.from(valid[0] ?? [])
      .toString()
      .replace('"modelCard": {', '"modelCard": { "bogus": 1,');
    const said = await runValidator("validate-cyclonedx.py", [...valid, Buffer.from(wrong)]);
    if (said === undefined) return this.skip();
    expect(said.slice(0, -1)).to.deep.equal(valid.map(() => null));
    expect(said.at(-1)).to.include("bogus");
  });

  it("says of a revoked model by whom, when and why, and that it is decommissioned", async function () {
    const { metadata, version, annotations = [] } = parse(await write("revoked"));
    expect(metadata.lifecycles).to.deep.equal([{ phase: "decommission" }]);
    expect(version).to.equal(3);
    const { revoked } = records.tokenIds;
    const { account } = await records.registry.contract.getStatus(revoked);
    expect(annotations.at(-1)?.annotator.individual?.name).to.equal(`did:pkh:eip155:31337:${account}`);
    expect(annotations.at(-1)?.timestamp).to.equal("2026-01-02T09:00:00Z");
    expect(annotations.at(-1)?.text).to.include(REASON);
    expect(metadata.component.properties).to.deep.include({ name: "model-provenance:statusReason", value: REASON });
  });

  it("leaves out what is not known", async function () {
    const { metadata, annotations } = parse(await write("noDataset"));
    expect(metadata.component.licenses).to.equal(undefined);
    expect(metadata.component.modelCard?.modelParameters?.datasets).to.equal(undefined);
    expect(annotations).to.equal(undefined);
    expect(JSON.stringify(metadata)).not.to.match(/0x0{64}|undefined|null/);
  });

  it("lists the whole lineage with its links where that is asked for", async function () {
    const { metadata, components, dependencies } = parse(await write("mergeOfTwo", "1.7", true));
    const { iris, irisVersion2, mergeOfTwo } = records.tokenIds;
    const ref = (id: bigint) => components.find((one) => one["bom-ref"]?.endsWith(id.toString(16)))?.["bom-ref"] ?? "";
    const { "bom-ref": own } = metadata.component;
    expect(own).to.match(new RegExp(`${mergeOfTwo.toString(16)}$`));
    expect(dependencies).to.deep.include({ ref: own, dependsOn: [ref(iris), ref(irisVersion2)] });
    expect(dependencies).to.deep.include({ ref: ref(irisVersion2), dependsOn: [ref(iris)] });
    expect(dependencies).to.deep.include({ ref: ref(iris) });
    const named = metadata.component.pedigree?.ancestors.map(({ name }) => name);
    expect(named).to.deep.equal(["Iris", "iris-perceptron-v2", "hf://lab/third-model@main"]);
  });
});
