import { expect } from "chai";
import { CROISSANT } from "../../../src/exports/croissant/croissant.ts";
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

interface Croissant {
  readonly description: string;
  readonly license?: string;
  readonly distribution: readonly { readonly sha256: string; readonly contentUrl: string }[];
  readonly isBasedOn?: readonly { readonly name: string; readonly url?: string; readonly identifier?: string[] }[];
  readonly subjectOf: { readonly creativeWorkStatus: string };
}

describe("export croissant", function () {
  let records: ExportedRecords;
  const write = async (name: RecordName) => writeForm(CROISSANT, await records.read(name));
  const read = async (name: RecordName) => JSON.parse(Buffer.from(await write(name)).toString()) as Croissant;

  before(async function () {
    records = await exportedRecords();
  });

  it("writes the same bytes every time, as they are on every machine", async function () {
    expectGolden("iris.croissant.json", await write("iris"));
    for (const name of RECORD_NAMES) expect(await write(name), name).to.deep.equal(await write(name));
  });

  it("is accepted by MLCommons' library, which refuses a file without its digest", async function () {
    const valid = await Promise.all(RECORD_NAMES.map(write));
    const wrong = Buffer.from(valid[0] ?? [])
      .toString()
      .replace(/,\s*"sha256": "[0-9a-f]*"/, "");
    const said = await runValidator("validate-croissant.py", [...valid, Buffer.from(wrong)]);
    if (said === undefined) return this.skip();
    expect(said.slice(0, -1)).to.deep.equal(valid.map(() => null));
    expect(said.at(-1)).to.include("sha256");
  });

  it("names a file where its address is its digest, and gives the record's own digest as what it is", async function () {
    const { distribution, isBasedOn, license } = await read("iris");
    const [file] = distribution;
    expect(distribution).to.have.length(1);
    expect(file?.contentUrl).to.match(/^ipfs:\/\/bafkrei/);
    expect(file?.sha256).to.match(/^[0-9a-f]{64}$/);
    const { record } = await records.read("iris");
    expect(isBasedOn?.[0]?.identifier).to.deep.equal([record.datasetDigest]);
    // The model's licence is not that of the data.
    expect(license).to.equal(undefined);
  });

  it("names no data where none was stated", async function () {
    const { description, distribution, isBasedOn } = await read("noDataset");
    expect(description).to.include("does not say what data");
    expect([distribution, isBasedOn]).to.deep.equal([[], undefined]);
  });

  it("says of a revoked model by whom, when and why", async function () {
    const { subjectOf } = await read("revoked");
    const { account } = await records.registry.contract.getStatus(records.tokenIds.revoked);
    expect(subjectOf.creativeWorkStatus).to.equal(`revoked since 2026-01-02T09:00:00Z, said by ${account}: ${REASON}`);
  });
});
