import { createHash } from "node:crypto";
import { expect } from "chai";
import { readZip } from "../../../src/base/zip-archive.ts";
import { BUNDLE } from "../../../src/exports/bundle/bundle.ts";
import { FORMS } from "../../../src/exports/forms.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { openKeySigner } from "../../../src/model/oms/key-signer.ts";
import { TEST_KEY } from "../../helpers/export-key.ts";
import { type ExportedRecords, RECORD_NAMES, exportedRecords } from "../../helpers/exported-records.ts";

interface Manifest {
  readonly status: string;
  readonly files: readonly { readonly name: string; readonly size: number; readonly sha256: string }[];
  readonly missing: readonly { readonly title: string; readonly why: string }[];
}

const signer = openKeySigner(TEST_KEY);

describe("export bundle", function () {
  let records: ExportedRecords;

  before(async function () {
    records = await exportedRecords();
  });

  it("holds every form and the metadata of each of the ten records, as its manifest says, or says why not", async function () {
    for (const name of RECORD_NAMES) {
      const bytes = await writeForm(BUNDLE, await records.read(name), { signer, pack: Buffer.from("{}") });
      const [first, ...files] = readZip(bytes) ?? [];
      expect(first?.name).to.equal("manifest.json");
      const manifest = JSON.parse(Buffer.from(first?.bytes ?? []).toString()) as Manifest;
      const found = files.map((file) => ({
        name: file.name,
        size: file.bytes.length,
        sha256: createHash("sha256").update(file.bytes).digest("hex"),
      }));
      expect(manifest.files.map(({ name: file, size, sha256 }) => ({ name: file, size, sha256 }))).to.deep.equal(found);
      const titles = manifest.missing.map(({ title }) => title);
      const absent = FORMS.filter(({ title }) => titles.includes(title));
      expect(files, name).to.have.length(FORMS.length - absent.length + 2);
      expect(new Set(files.map((file) => file.name)).size).to.equal(files.length);
      expect(manifest.status).to.equal(
        name === "revoked" ? "revoked" : name === "deprecated" ? "deprecated" : "active",
      );
    }
  });

  it("is the same every time, and says of a pack that there is none and why", async function () {
    const pack = "The node serves no proofs.";
    const write = async () => writeForm(BUNDLE, await records.readAnew("iris"), { pack });
    const bytes = await write();
    expect(Buffer.compare(bytes, await write())).to.equal(0);
    const manifest = JSON.parse(Buffer.from(readZip(bytes)?.[0]?.bytes ?? []).toString()) as Manifest;
    expect(manifest.missing).to.deep.include({ title: "state-proof pack", why: pack });
  });
});
