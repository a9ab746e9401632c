import { expect } from "chai";
import * as fc from "fast-check";
import { canonicalJson } from "../../../src/metadata/canonical-json.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { readVectors } from "../../helpers/vectors.ts";

const textOf = (value: unknown) => Buffer.from(canonicalJson(value)).toString("utf8");

describe("canonicalJson", function () {
  for (const { description, ieee754, text } of readVectors<{ ieee754: string; text: string }>(
    "valid",
    "canonical-number",
  )) {
    it(`writes the number ${description}`, function () {
      expect(textOf(Buffer.from(ieee754, "hex").readDoubleBE())).to.equal(text);
    });
  }

  for (const { description, input, canonical } of readVectors<{ input: string; canonical: string }>(
    "valid",
    "canonical-json",
  )) {
    it(`follows the vector: ${description}`, function () {
      expect(textOf(JSON.parse(input))).to.equal(canonical);
    });
  }

  it("keeps the value and does not depend on the order of keys", function () {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: "binary" }), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown;
        expect(JSON.parse(textOf(plain))).to.deep.equal(plain);
        expect(textOf(reverseKeys(plain))).to.equal(textOf(plain));
      }),
    );
  });

  it("leaves out what is undefined, as JSON does", function () {
    expect(textOf({ b: undefined, a: 1 })).to.equal('{"a":1}');
  });

  const circular: unknown[] = [];
  circular.push(circular);
  const refused: Record<string, unknown> = {
    NaN: [NaN],
    Infinity: { a: Infinity },
    "minus Infinity": -Infinity,
    "a BigInt": { a: 1n },
    "a lone high surrogate": ["a\ud800"],
    "a lone low surrogate": "\udfff",
    "a lone surrogate in a key": { "\ud800": 1 },
    "a circle": circular,
    undefined,
  };
  for (const [what, value] of Object.entries(refused)) {
    it(`refuses ${what}`, async function () {
      expect(await errorCode(() => canonicalJson(value))).to.equal("METADATA_INVALID");
    });
  }
});

function reverseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverseKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toReversed();
  return Object.fromEntries(entries.map(([key, entry]) => [key, reverseKeys(entry)]));
}
