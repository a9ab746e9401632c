import { deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import fc from "fast-check";
import { inflatePortably, inflateStart } from "../../../src/base/inflate.ts";

const MAX = 1024 * 1024;
const PACKERS = { raw: deflateRawSync, gzip: gzipSync, zlib: deflateSync };
const content = fc.oneof(
  fc.uint8Array({ maxLength: 20_000 }),
  fc.string({ maxLength: 40 }).map((text) => new Uint8Array(Buffer.from(text.repeat(500)))),
);

describe("inflateStart", function () {
  for (const packing of ["raw", "gzip", "zlib"] as const) {
    it(`unpacks what is packed as ${packing}, in a browser as in Node`, function () {
      fc.assert(
        fc.property(content, (bytes) => {
          const packed = PACKERS[packing](bytes);
          expect(Buffer.from(inflateStart(packed, packing, MAX)).equals(bytes)).to.equal(true);
          expect(Buffer.from(inflatePortably(packed, packing, MAX)).equals(bytes)).to.equal(true);
        }),
      );
    });

    it(`gives the beginning of what is cut off (${packing})`, function () {
      fc.assert(
        fc.property(content, fc.integer({ min: 20, max: 20_000 }), (bytes, end) => {
          const packed = PACKERS[packing](bytes).subarray(0, end);
          for (const start of [inflateStart(packed, packing, MAX), inflatePortably(packed, packing, MAX)]) {
            expect(Buffer.from(start).equals(bytes.subarray(0, start.length))).to.equal(true);
          }
        }),
      );
    });

    it(`refuses what would unpack to more than is allowed (${packing})`, function () {
      const packed = PACKERS[packing](Buffer.alloc(2 * MAX));
      expect(() => inflateStart(packed, packing, MAX)).to.throw(RangeError);
      expect(() => inflatePortably(packed, packing, MAX)).to.throw(RangeError);
    });
  }

  it("throws at what is not packed at all", function () {
    const bytes = Buffer.from("no such thing as a frame");
    for (const packing of ["raw", "gzip", "zlib"] as const) {
      expect(() => inflatePortably(bytes, packing, MAX)).to.throw();
    }
  });
});
