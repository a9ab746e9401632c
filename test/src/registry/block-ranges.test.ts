import { expect } from "chai";
import * as fc from "fast-check";
import { type BlockRange, collectRanges, readRanges } from "../../../src/registry/block-ranges.ts";
import { NodeFault } from "../../../src/base/node/node-error.ts";
import { errorCode } from "../../helpers/error-code.ts";

/** A chain with events in some blocks, behind a node that answers only so many blocks, or so many events, at once. */
function limitedNode(eventBlocks: readonly number[], limits: { blocks?: number; events?: number } = {}) {
  const asked: BlockRange[] = [];
  const search = async (range: BlockRange) => {
    asked.push(range);
    const found = eventBlocks.filter((block) => block >= range.fromBlock && block <= range.toBlock);
    const blocks = range.toBlock - range.fromBlock + 1;
    if (blocks > (limits.blocks ?? Infinity)) throw new Error(`query exceeds max block range ${limits.blocks}`);
    if (found.length > (limits.events ?? Infinity)) throw new Error("query returned more than 10000 results");
    return found;
  };
  return { asked, search };
}

describe("readRanges", function () {
  it("asks once where the node allows it", async function () {
    const { asked, search } = limitedNode([0, 5, 9_999_999]);
    const found = await collectRanges(readRanges(search, { fromBlock: 0, toBlock: 10_000_000 }));
    expect(found).to.deep.equal([0, 5, 9_999_999]);
    expect(asked).to.have.length(1);
  });

  it("finds every event once and in order, whatever the node allows", async function () {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.nat(2_000), { maxLength: 60 }),
        fc.integer({ min: 1, max: 3_000 }),
        fc.integer({ min: 1, max: 10 }),
        async (blocks, maxBlocks, maxEvents) => {
          const sorted = blocks.toSorted((a, b) => a - b);
          const { search } = limitedNode(sorted, { blocks: maxBlocks, events: maxEvents });
          let next = 0;
          const found: number[] = [];
          for await (const { fromBlock, toBlock, items } of readRanges(search, { fromBlock: 0, toBlock: 2_000 })) {
            expect(fromBlock).to.equal(next);
            next = toBlock + 1;
            found.push(...items);
          }
          expect(next).to.equal(2_001);
          expect(found).to.deep.equal(sorted);
        },
      ),
      { numRuns: 200 },
    );
  });

  it("comes close to what the node allows", async function () {
    const { asked, search } = limitedNode([], { blocks: 1_000 });
    await collectRanges(readRanges(search, { fromBlock: 0, toBlock: 1_000_000 }));
    expect(asked.length).to.be.lessThan(1_300);
  });

  it("begins later where the node refuses to search all, and not where it does not", async function () {
    const startWhenRefused = async () => 900;
    const limited = limitedNode([950], { blocks: 50 });
    const [first] = await take(readRanges(limited.search, { fromBlock: 0, toBlock: 1_000, startWhenRefused }));
    expect(first?.fromBlock).to.equal(900);
    const free = limitedNode([5]);
    expect(await collectRanges(readRanges(free.search, { fromBlock: 0, toBlock: 1_000, startWhenRefused }))).to.eql([
      5,
    ]);
  });

  it("stops where its reader stops", async function () {
    const { asked, search } = limitedNode([3], { blocks: 10 });
    await take(readRanges(search, { fromBlock: 0, toBlock: 1_000_000 }));
    expect(asked.length).to.be.lessThan(20);
  });

  it("gives up where one block is refused, the node is gone, or it does not answer in time", async function () {
    const refusing = limitedNode([], { blocks: 0 });
    const failure = await collectRanges(readRanges(refusing.search, { fromBlock: 0, toBlock: 1_000 })).catch(String);
    expect(failure).to.include("max block range");
    for (const [code, most] of [
      ["ECONNREFUSED", 1],
      ["TIMEOUT", 3],
    ] as const) {
      let asked = 0;
      const search = async () => (asked++, Promise.reject(Object.assign(new Error(code), { code })));
      const error: unknown = await collectRanges(readRanges(search, { fromBlock: 0, toBlock: 1_000_000 })).catch(
        (cause: unknown) => cause,
      );
      expect((error as { code: string }).code).to.equal(code);
      expect(asked).to.equal(most);
    }
  });

  it("reads a chain that is full of events from a node that sets no limit, until its answers are too long", async function () {
    const blocks = Array.from({ length: 40_000 }, (_, block) => block);
    let tooLong = 0;
    const search = async ({ fromBlock, toBlock }: BlockRange) => {
      if (toBlock - fromBlock < 30) return blocks.slice(fromBlock, toBlock + 1);
      tooLong++;
      throw new NodeFault("oversized", "it sends more than 64 MiB");
    };
    const found = await collectRanges(readRanges(search, { fromBlock: 0, toBlock: blocks.length - 1 }));
    expect(found).to.deep.equal(blocks);
    // A wider range is tried now and then: what is thrown away is little beside what is read.
    expect(tooLong).to.be.lessThan(blocks.length / 30 / 10);
  });

  it("gives up after as many requests as were allowed", async function () {
    const { search } = limitedNode([], { blocks: 1 });
    const all = () => collectRanges(readRanges(search, { fromBlock: 0, toBlock: 1_000, maxRequests: 100 }));
    expect(await errorCode(all)).to.equal("CHAIN_UNREACHABLE");
  });

  it("searches nothing where there is no block", async function () {
    const { asked, search } = limitedNode([1]);
    expect(await collectRanges(readRanges(search, { fromBlock: 5, toBlock: 4 }))).to.deep.equal([]);
    expect(asked).to.deep.equal([]);
  });
});

async function take<T>(ranges: AsyncIterable<T>): Promise<T[]> {
  for await (const range of ranges) return [range];
  return [];
}
