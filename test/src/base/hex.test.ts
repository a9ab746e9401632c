import { expect } from "chai";
import * as fc from "fast-check";
import { ZERO_DIGEST, toHex, toHex32 } from "../../../src/base/hex.ts";

describe("hex", function () {
  it("writes bytes with a leading 0x, in lower case", function () {
    expect(toHex(new Uint8Array())).to.equal("0x");
    expect(toHex(Uint8Array.of(0, 10, 255))).to.equal("0x000aff");
  });

  it("writes a token id as 32 bytes", function () {
    expect(toHex32(0n)).to.equal(ZERO_DIGEST);
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), (id) => {
        expect(toHex32(id)).to.match(/^0x[0-9a-f]{64}$/);
        expect(BigInt(toHex32(id))).to.equal(id);
      }),
    );
  });
});
