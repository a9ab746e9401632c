import { expect } from "chai";
import * as fc from "fast-check";
import { type Probe, fitBatch } from "../../../../src/publish/sending/fit-batch.ts";

/** A batch of which each model takes so much, and everything together some gas more. */
function createProbe(costs: readonly bigint[], overhead: bigint, limit: bigint) {
  const asked: number[] = [];
  const probe = async (count: number): Promise<Probe> => {
    asked.push(count);
    const gas = costs.slice(0, count).reduce((sum, cost) => sum + cost, overhead);
    // Some nodes answer what is too much, others fail.
    return gas > limit && count % 2 === 0 ? { failure: new Error("out of gas") } : { gas };
  };
  return { asked, probe };
}

describe("fitBatch", function () {
  it("finds the largest number that fits, whatever each costs", async function () {
    const cost = fc.bigInt(0n, 100_000n);
    await fc.assert(
      fc.asyncProperty(
        fc.array(cost, { minLength: 1, maxLength: 80 }),
        cost,
        fc.bigInt(0n, 3_000_000n),
        async (costs, overhead, limit) => {
          const { probe } = createProbe(costs, overhead, limit);
          const fit = await fitBatch(costs.length, limit, probe);
          const sums = costs.map((_, i) => costs.slice(0, i + 1).reduce((sum, each) => sum + each, overhead));
          const expected = sums.filter((sum) => sum <= limit).length;
          expect(fit.count).to.equal(expected);
          expect(fit.gas).to.equal(expected === 0 ? 0n : sums[expected - 1]);
          expect(fit.next === undefined).to.equal(expected === costs.length);
        },
      ),
    );
  });

  it("takes few trials where all models cost much the same, and never the whole of a large batch", async function () {
    const costs = Array.from({ length: 10_000 }, (_, i) => 84_000n + BigInt(i % 7) * 100n);
    const { asked, probe } = createProbe(costs, 150_000n, 16_777_216n);
    const { count } = await fitBatch(costs.length, 16_777_216n, probe);
    expect(count).to.be.within(190, 200);
    expect(asked.length).to.be.at.most(6);
    expect(Math.max(...asked)).to.be.at.most(210);
  });

  it("tries one batch that fits at most three times", async function () {
    const { asked, probe } = createProbe(new Array<bigint>(150).fill(84_000n), 150_000n, 16_777_216n);
    expect((await fitBatch(150, 16_777_216n, probe)).count).to.equal(150);
    expect(asked).to.have.length(2);
  });
});
