import { expect } from "chai";
import * as fc from "fast-check";
import { toHex32 } from "../../../src/base/hex.ts";
import { parseTokenId } from "../../../src/registry/token-id.ts";
import { errorCode } from "../../helpers/error-code.ts";

describe("parseTokenId", function () {
  it("reads every token id, decimal and 0x-hex", function () {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 256n - 1n), (id) => {
        expect(parseTokenId(String(id))).to.equal(id);
        expect(parseTokenId(toHex32(id))).to.equal(id);
      }),
    );
  });

  it("refuses an id that no token can have, and knows what is none", async function () {
    expect(await errorCode(() => parseTokenId(String(2n ** 256n)))).to.equal("OPTION_INVALID");
    for (const text of ["", "./model", "0x", "-1", "1.5", `0x${"f".repeat(65)}`]) {
      expect(parseTokenId(text), text).to.equal(undefined);
    }
  });
});
