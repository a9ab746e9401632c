import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { metadataJsonSchema } from "../../../src/metadata/json-schema.ts";
import { buildTestMetadata } from "../../helpers/metadata.ts";

describe("metadataJsonSchema", function () {
  it("takes what is built, and refuses a core key that is not known", async function () {
    const validate = new Ajv2020({ strict: false }).compile(metadataJsonSchema());
    const { metadata } = await buildTestMetadata();
    const built = JSON.parse(JSON.stringify(metadata)) as Record<string, unknown>;
    expect(validate(built), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ ...built, surprise: 1 })).to.equal(false);
    expect(validate({ ...built, provenance: { ...metadata.provenance, modelDigest: "0x12" } })).to.equal(false);
  });
});
