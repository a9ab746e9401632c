import { expect } from "chai";
import * as fc from "fast-check";
import { CYCLONEDX } from "../../../src/exports/cyclonedx/cyclonedx.ts";
import { writeForm } from "../../../src/exports/write-form.ts";
import { readBom } from "../../../src/metadata/read-bom.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { exportedRecords } from "../../helpers/exported-records.ts";
import { IRIS } from "../../helpers/exported-statements.ts";

const toBytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const bomOf = (component: object, components: object[] = []) => ({
  bomFormat: "CycloneDX",
  specVersion: "1.6",
  metadata: { component: { type: "machine-learning-model", name: "m", ...component } },
  components,
});

describe("readBom", function () {
  it("reads from an export of ours what its publisher stated, and every file", async function () {
    const { read } = await exportedRecords();
    const iris = await read("iris");
    const { statements, files, leftOut } = readBom(await writeForm(CYCLONEDX, iris));
    const { name, description, externalUrl, license, version, task, framework } = IRIS;
    const { considerations, fairness } = IRIS.extensions ?? {};
    const [metric] = iris.metadata.provenance.metrics ?? [];
    expect(statements).to.deep.include({ name, description, externalUrl, license, version, task, framework });
    expect(statements.architecture).to.equal("IrisPerceptron");
    expect(statements.metrics?.[0]).to.deep.include({ name: metric?.name, value: metric?.value });
    expect(statements.extensions).to.deep.include({ considerations, fairness });
    expect(files).to.deep.equal(iris.resources.map((one) => ({ name: one.name, sha256: one.sha256 })));
    expect(leftOut).to.deep.equal([]);
  });

  it("takes base models by their addresses, and says what it leaves out of ancestors", async function () {
    const ancestors = [
      { type: "machine-learning-model", name: "a", purl: "pkg:huggingface/lab/base@abc?x=1" },
      {
        type: "machine-learning-model",
        name: "b",
        externalReferences: [{ type: "distribution", url: "https://b.example" }],
      },
      { type: "machine-learning-model", name: "c" },
      { type: "machine-learning-model", name: "d", properties: [{ name: "model-provenance:tokenId", value: "0x1" }] },
    ];
    const { statements, leftOut } = readBom(toBytes(bomOf({ pedigree: { ancestors } })));
    expect(statements.baseModels).to.deep.equal([{ uri: "hf://lab/base@abc" }, { uri: "https://b.example" }]);
    expect(leftOut).to.have.length(2);
    expect(leftOut.join()).to.include("PARENT_MODEL").and.include("BASE_MODELS");
  });

  it("knows less of what is odd, and nothing else less", async function () {
    const odd = {
      version: 7,
      licenses: [{ license: { id: "MIT" } }, 3, { expression: "Apache-2.0" }],
      description: "d",
    };
    const { statements } = readBom(
      toBytes(bomOf({ ...odd, modelCard: { modelParameters: { task: {}, datasets: "no" } } })),
    );
    expect(statements).to.deep.include({ name: "m", description: "d", license: "MIT AND Apache-2.0" });
    expect(statements).not.to.have.any.keys("version", "task", "datasets");
  });

  it("refuses what is no bill of materials of a model", async function () {
    const others = [
      {},
      [],
      { bomFormat: "SPDX" },
      { bomFormat: "CycloneDX", components: [{ type: "library", name: "x" }] },
    ];
    for (const other of others) expect(await errorCode(() => readBom(toBytes(other)))).to.equal("METADATA_INVALID");
    expect(await errorCode(() => readBom(Buffer.from("{")))).to.equal("METADATA_INVALID");
  });

  it("reads whatever stands in a component without failing", function () {
    const component = fc.dictionary(
      fc.constantFrom("name", "version", "licenses", "hashes", "pedigree", "modelCard", "externalReferences"),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(component, fc.array(component), (model, others) => {
        expect(readBom(toBytes(bomOf(model, others))).files).to.deep.equal([]);
      }),
    );
  });
});
