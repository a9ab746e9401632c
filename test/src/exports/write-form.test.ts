import { expect } from "chai";
import * as fc from "fast-check";
import { createRequire } from "node:module";
import { toIriReference, uuidOf } from "../../../src/exports/describe.ts";
import type { ExportForm } from "../../../src/exports/form.ts";
import { openKeySigner } from "../../../src/model/oms/key-signer.ts";
import { TEST_KEY } from "../../helpers/export-key.ts";
import { FORMS } from "../../../src/exports/forms.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { type ExportedRecords, exportedRecords } from "../../helpers/exported-records.ts";
import { errorCode } from "../../helpers/error-code.ts";

const { fullFormats } = createRequire(import.meta.url)("ajv-formats/dist/formats.js") as {
  fullFormats: Record<string, RegExp>;
};

/** A form that says what it is told to. */
function formOf(text: string, digests: readonly [string, string][]): ExportForm {
  const load = async () => Promise.resolve({ fields: [], write: () => text, readDigests: () => digests });
  return { name: "x", title: "X", summary: "x", extension: "x", mediaType: "text/plain", load };
}

describe("writeForm", function () {
  let records: ExportedRecords;

  before(async function () {
    records = await exportedRecords();
  });

  it("refuses a form that says other digests than the manifest, fewer files or more", async function () {
    const model = await records.read("noDataset");
    const own = model.resources.map(({ name, sha256 }): [string, string] => [name, sha256]);
    const [first = ["", ""], ...rest] = own;
    expect(await writeForm(formOf("x", own), model)).to.deep.equal(Uint8Array.of(120));
    const stranger: [string, string] = ["other", first[1]];
    for (const digests of [
      rest,
      [...own, stranger],
      [[first[0], "zz"], ...rest],
      [[first[0], rest[0]?.[1]], ...rest],
    ]) {
      const written = async () => writeForm(formOf("x", digests as [string, string][]), model);
      expect(await errorCode(written)).to.equal("EXPORT_INVALID");
    }
  });

  it("refuses what is larger than others should be asked to read", async function () {
    const model = await records.read("noDataset");
    const large = "x".repeat(64 * 1024 * 1024 + 1);
    expect(await errorCode(async () => writeForm(formOf(large, []), model))).to.equal("EXPORT_TOO_LARGE");
  });

  it("refuses a version or a key that a form does not take", async function () {
    const model = await records.read("noDataset");
    const signer = { algorithm: "ES256", keyId: "", multikey: "z6Mk", sign: (bytes: Uint8Array) => bytes };
    expect(await errorCode(async () => writeForm(formOf("x", []), model, { spec: "9" }))).to.equal("OPTION_INVALID");
    expect(await errorCode(async () => writeForm(formOf("x", []), model, { signer }))).to.equal("OPTION_INVALID");
  });

  it("reads every digest of a form back as the manifest has it", async function () {
    const model = await records.read("japanese");
    const recorded = model.resources.map(({ name, sha256 }) => `${name} ${sha256}`).sort();
    const said: string[] = [];
    for (const form of FORMS) {
      const { readDigests } = await form.load();
      const signer = form.isSigned ? openKeySigner(TEST_KEY) : undefined;
      const bytes = await writeForm(form, model, { ...(signer && { signer }) });
      if (readDigests === undefined) continue;
      said.push(form.name);
      expect(
        readDigests(bytes)
          .map(([name, sha256]) => `${name} ${sha256}`)
          .sort(),
        form.name,
      ).to.deep.equal(recorded);
    }
    expect(said).to.include.members(["cyclonedx", "in-toto", "spdx", "vc", "vc-jwt", "html"]);
  });
});

describe("toIriReference", function () {
  it("makes a reference of any text, and leaves addresses as they are", function () {
    const isReference = fullFormats["uri-reference"] as RegExp;
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.webUrl({ withFragments: true })), (text) => {
        fc.pre(text.isWellFormed());
        expect(toIriReference(text)).to.match(isReference);
      }),
    );
    for (const address of ["https://a.example/b?c#d", "hf://org/name@abc", "ipfs://bafy", "did:web:a.example"]) {
      expect(toIriReference(address)).to.equal(address);
    }
  });
});

describe("uuidOf", function () {
  it("is the UUID of version 5 that Python computes", function () {
    expect(uuidOf("https://www.example.com/")).to.equal("3d3ed9d2-aa3d-5fa6-90e8-ed662e90f559");
  });
});
