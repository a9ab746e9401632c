import { expect } from "chai";
import fc from "fast-check";
import { addAmount } from "../lib/amount.ts";

const LARGEST = (1n << 256n) - 1n;
const amounts = fc.bigInt({ min: 0n, max: LARGEST });

describe("addAmount", function () {
  it("adds up as far as a contract counts, and no further", function () {
    fc.assert(
      fc.property(fc.array(fc.oneof(amounts, fc.constant(LARGEST)), { maxLength: 20 }), (list) => {
        const exact = list.reduce((sum, amount) => sum + amount, 0n);
        expect(list.reduce(addAmount, 0n)).to.equal(exact > LARGEST ? LARGEST : exact);
      }),
    );
  });

  it("takes away no more than there is", function () {
    fc.assert(
      fc.property(amounts, amounts, (sum, amount) => {
        expect(addAmount(sum, -amount)).to.equal(sum > amount ? sum - amount : 0n);
      }),
    );
  });
});
