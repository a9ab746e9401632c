import { expect } from "chai";
import { parseUntrustedJson } from "../../../src/metadata/json-limits.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { readVectors } from "../../helpers/vectors.ts";

const parse = (hex: string) => parseUntrustedJson(Buffer.from(hex, "hex"), 1000, "The text");

describe("parseUntrustedJson", function () {
  for (const { description, hex } of readVectors<{ hex: string }>("valid", "json")) {
    it(`takes ${description}`, function () {
      expect(parse(hex)).to.deep.equal(JSON.parse(Buffer.from(hex, "hex").toString("utf8")));
    });
  }

  for (const { description, hex, code } of readVectors<{ hex: string; code: string }>("invalid", "json")) {
    it(`refuses ${description}`, async function () {
      expect(await errorCode(() => parse(hex))).to.equal(code);
    });
  }

  it("does not touch prototypes", function () {
    const value = parse(Buffer.from('{"__proto__":{"polluted":true}}').toString("hex")) as object;
    expect(({} as Record<string, unknown>)["polluted"]).to.equal(undefined);
    expect(Object.keys(value)).to.deep.equal(["__proto__"]);
  });
});
