import { readFile, readdir } from "node:fs/promises";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { REPORT_MODULE, reportModule } from "../../scripts/support/python/report-module.ts";
import { VERBS_MODULE, verbsModule } from "../../scripts/support/python/verbs-module.ts";
import { SCHEMAS, SCHEMA_FOLDER, writeSchema } from "../../scripts/support/schemas.ts";

describe("schema/", function () {
  it("holds what the sources describe and nothing else (npm run make:schema writes it)", async function () {
    expect(await readdir(SCHEMA_FOLDER)).to.have.members(Object.keys(SCHEMAS));
    for (const [name, make] of Object.entries(SCHEMAS)) {
      expect(await readFile(new URL(name, SCHEMA_FOLDER), "utf8"), name).to.equal(writeSchema(make()));
    }
  });

  it("holds schemas that a validator takes", function () {
    for (const make of Object.values(SCHEMAS)) new Ajv2020({ strict: false }).compile(make());
  });
});

describe("the Python package", function () {
  it("has the dataclasses of the schema of a verdict (npm run make:schema writes them)", async function () {
    const made = reportModule(SCHEMAS["verify-report.schema.json"]?.() ?? {});
    expect(await readFile(REPORT_MODULE, "utf8")).to.equal(made);
  });

  it("takes the flags of the verbs (npm run make:schema writes them)", async function () {
    expect(await readFile(VERBS_MODULE, "utf8")).to.equal(verbsModule());
  });
});
