import { readFile } from "node:fs/promises";
import { expect } from "chai";
import fc from "fast-check";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { parseBundle } from "../../../../src/model/oms/bundle.ts";
import { verifyCertificateChain } from "../../../../src/model/oms/certificate-chain.ts";
import { encodeLegacyPreAuthentication } from "../../../../src/model/oms/dsse.ts";
import { cutIntoShards, splitShardName, toShardName } from "../../../../src/model/oms/shard-name.ts";
import { parseStatement } from "../../../../src/model/oms/statement.ts";

const VECTORS = new URL("../../../vectors/valid/oms/", import.meta.url);

describe("OMS parsers under fuzzing", function () {
  it("refuse any text but a bundle with one error", function () {
    fc.assert(
      fc.property(fc.string(), (text) => expectParsed(() => parseBundle(text))),
      { numRuns: 500 },
    );
  });

  it("refuse any JSON but a bundle with one error", function () {
    fc.assert(fc.property(fc.json({ maxDepth: 8 }), (text) => expectParsed(() => parseBundle(text))));
  });

  it("refuse JSON nested without end", function () {
    for (const text of ["[".repeat(1e6), '{"a":'.repeat(1e5), `${"[".repeat(1e5)}${"]".repeat(1e5)}`]) {
      expect(() => parseBundle(text)).to.throw(ProvenanceError);
    }
  });

  for (const group of ["key", "certificate"]) {
    it(`survive a changed byte in the bundles of ${group}.json`, async function () {
      const vectors = JSON.parse(await readFile(new URL(`${group}.json`, VECTORS), "utf8")) as { bundle: object }[];
      const texts = vectors.map(({ bundle }) => JSON.stringify(bundle));
      const mutation = fc.record({ text: fc.constantFrom(...texts), at: fc.nat(), put: fc.string({ maxLength: 3 }) });
      fc.assert(
        fc.property(mutation, ({ text, at, put }) => {
          const place = at % text.length;
          expectParsed(() => {
            const { material, payload } = parseBundle(text.slice(0, place) + put + text.slice(place + 1));
            parseStatement(payload);
            if (material.method === "certificate") verifyCertificateChain(material.certificates, [], new Date(0));
          });
        }),
        { numRuns: 1000 },
      );
    });
  }

  it("refuse any payload but a statement with one error", function () {
    const value = fc.oneof(fc.json(), fc.string()).map((text) => Buffer.from(text));
    fc.assert(fc.property(fc.oneof(value, fc.uint8Array()), (bytes) => expectParsed(() => parseStatement(bytes))));
  });

  it("refuse any bytes but certificates with one error", async function () {
    const vectors = JSON.parse(await readFile(new URL("certificate.json", VECTORS), "utf8")) as { bundle: object }[];
    const { material } = parseBundle(JSON.stringify(vectors[0]?.bundle));
    const valid = material.method === "certificate" ? (material.certificates[0] as Buffer) : Buffer.alloc(0);
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(valid);
        changed[at] = byte;
        expectParsed(() => verifyCertificateChain([changed], [], new Date("2026-06-01")));
      }),
      { numRuns: 1000 },
    );
  });
});

describe("OMS encodings", function () {
  it("splits every shard name that it makes", function () {
    const range = fc.record({ start: fc.nat(), length: fc.integer({ min: 1 }) });
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: "grapheme" }), range, (path, { start, length }) => {
        const shard = { path, range: { start, end: start + length } };
        expect(splitShardName(toShardName(path, shard.range))).to.deep.equal(shard);
      }),
    );
  });

  it("cuts a file without gap or overlap", function () {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 5000 }), (size, shardSize) => {
        let end = 0;
        for (const range of cutIntoShards(size, shardSize)) {
          expect(range.start).to.equal(end);
          expect(range.end - range.start).to.be.within(1, shardSize);
          end = range.end;
        }
        expect(end).to.equal(size);
      }),
    );
  });

  it("prints bytes as Python does", function () {
    const cases = [
      ["{}", "b'{}'"],
      ["it's", `b"it's"`],
      [`"it's"`, `b'"it\\'s"'`],
      ["\t\n\r\\\0", "b'\\t\\n\\r\\\\\\x00'"],
      ["é", "b'\\xc3\\xa9'"],
    ] as const;
    for (const [text, printed] of cases) {
      const length = Buffer.byteLength(text);
      const encoded = encodeLegacyPreAuthentication(Buffer.from(text)).toString();
      expect(encoded).to.equal(`DSSEV1 28 application/vnd.in-toto+json ${length} ${printed}`);
    }
  });
});

/** Parses, or fails with the library's own error. */
function expectParsed(parse: () => unknown): void {
  try {
    parse();
  } catch (error) {
    expect(error).to.be.instanceOf(ProvenanceError);
  }
}
