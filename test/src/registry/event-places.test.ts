import { expect } from "chai";
import fc from "fast-check";
import { partsOf } from "../../../src/registry/event-places.ts";

describe("partsOf", function () {
  const range = fc
    .tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 100_000 }))
    .map(([a, b]) => ({ fromBlock: Math.min(a, b), toBlock: Math.max(a, b) }));
  const places = fc.record({
    blocks: fc.array(fc.oneof(fc.integer({ min: 0, max: 110_000 }), fc.maxSafeNat()), { maxLength: 30 }),
    upTo: fc.oneof(fc.integer({ min: -10, max: 110_000 }), fc.maxSafeInteger()),
  });

  it("searches every block that is named and every later one, none twice and none outside", function () {
    fc.assert(
      fc.property(range, places, ({ fromBlock, toBlock }, { blocks, upTo }) => {
        const parts = partsOf({ fromBlock, toBlock }, { blocks, upTo });
        const holds = (block: number) => parts.filter((part) => block >= part.fromBlock && block <= part.toBlock);
        const wanted = [...blocks, toBlock, upTo + 1].filter((block) => block >= fromBlock && block <= toBlock);
        for (const block of wanted) {
          const isWanted = blocks.includes(block) || block > upTo;
          expect(holds(block).length).to.be.at.least(isWanted ? 1 : 0);
          expect(holds(block).length).to.be.at.most(1);
        }
        let before = fromBlock - 1;
        for (const part of parts) {
          expect(part.fromBlock).to.be.greaterThan(before);
          expect(part.toBlock).to.be.at.least(part.fromBlock).and.at.most(toBlock);
          before = part.toBlock;
        }
      }),
    );
  });

  it("takes places that lie near to each other together, and the whole range where nothing is known", function () {
    const all = { fromBlock: 5, toBlock: 90_000 };
    expect(partsOf(all, undefined)).to.deep.equal([all]);
    expect(partsOf(all, { blocks: [70_000, 12, 9, 12, 3, 95_000], upTo: 89_999 })).to.deep.equal([
      { fromBlock: 9, toBlock: 12 },
      { fromBlock: 70_000, toBlock: 70_000 },
      { fromBlock: 90_000, toBlock: 90_000 },
    ]);
    expect(partsOf(all, { blocks: [], upTo: Number.MAX_SAFE_INTEGER })).to.deep.equal([]);
  });
});
