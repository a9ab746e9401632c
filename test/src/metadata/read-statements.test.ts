import { expect } from "chai";
import * as fc from "fast-check";
import { parseBaseModel, parseFramework, parseMetric } from "../../../src/metadata/read-statements.ts";

describe("statements as people write them", function () {
  it("takes what begins with a digit behind a framework for its version", function () {
    expect(parseFramework("PyTorch 2.9.0")).to.deep.equal({ name: "PyTorch", version: "2.9.0" });
    expect(parseFramework("PyTorch v2.9.0")).to.deep.equal({ name: "PyTorch", version: "2.9.0" });
    expect(parseFramework("Apple Core ML")).to.deep.equal({ name: "Apple Core ML" });
  });

  it("reads a metric as a number where it is one, and refuses what has no name or value", function () {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]\w{0,9}$/),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (name, value) => {
          expect(parseMetric(`${name}=${value}`)).to.deep.equal({ name, value: Number(String(value)) });
        },
      ),
    );
    expect(parseMetric("rating=A+")).to.deep.equal({ name: "rating", value: "A+" });
    for (const text of ["accuracy", "=1", "f1="]) expect(parseMetric(text), text).to.equal(undefined);
  });

  it("takes a digest behind a base model, in lower case", function () {
    const digest = `0x${"Ab".repeat(32)}`;
    expect(parseBaseModel(`hf://a/b#${digest}`)).to.deep.equal({ uri: "hf://a/b", digest: digest.toLowerCase() });
    expect(parseBaseModel("https://example.org/#0xab")).to.deep.equal({ uri: "https://example.org/#0xab" });
  });
});
