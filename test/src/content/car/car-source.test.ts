import { createHash } from "node:crypto";
import { CarReader } from "@ipld/car";
import { expect } from "chai";
import fc from "fast-check";
import { toHex } from "../../../../src/base/hex.ts";
import { forEachBlock, wrapLinks } from "../../../../src/content/car/block-list.ts";
import { writeCar } from "../../../../src/content/car/car.ts";
import { CarSource, measureCar } from "../../../../src/content/car/car-source.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { hashOf, readCar } from "../../../helpers/servers/car-content.ts";
import { manyBlocks, singleBlock } from "../../../helpers/dags.ts";

const blocks = ["one", "", "three", "x".repeat(5000)].map((text) => rawBlock(Buffer.from(text)));
const dag = { root: blocks[0]?.cid as (typeof blocks)[number]["cid"], blocks };

async function wholeCar(): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeCar(dag.root, dag.blocks)) pieces.push(piece);
  return Buffer.concat(pieces);
}

describe("writeCar", function () {
  it("writes what others read: root, blocks, in this order", async function () {
    const reader = await CarReader.fromBytes(await wholeCar());
    expect((await reader.getRoots()).map(String)).to.deep.equal([dag.root.toString()]);
    const read: string[] = [];
    for await (const { cid, bytes } of reader.blocks()) read.push(`${cid.toString()} ${bytes.length}`);
    expect(read).to.deep.equal(blocks.map(({ cid, bytes }) => `${cid.toString()} ${bytes.length}`));
  });

  it("ends with the source's failure", async function () {
    function* broken() {
      yield* blocks;
      throw new Error("no more");
    }
    const read = async () => {
      for await (const _ of writeCar(dag.root, broken()));
    };
    expect(await read().catch((error: Error) => error.message)).to.equal("no more");
  });
});

describe("CarSource", function () {
  it("gives the same bytes from any place, in any order", async function () {
    const whole = await wholeCar();
    const place = fc.record({ offset: fc.nat(whole.length + 10), length: fc.nat(600) });
    await fc.assert(
      fc.asyncProperty(fc.array(place, { maxLength: 12 }), async (places) => {
        const source = new CarSource(dag);
        for (const { offset, length } of places) {
          const bytes = await source.read(offset, length);
          expect(Buffer.from(bytes).equals(whole.subarray(offset, offset + length))).to.equal(true);
        }
        await source.close();
      }),
      { numRuns: 60 },
    );
  });

  it("is measured: length, digest, and the bytes where they are few", async function () {
    const whole = await wholeCar();
    const sha256 = toHex(createHash("sha256").update(whole).digest());
    expect(await measureCar(dag, whole.length - 1)).to.deep.equal({ size: whole.length, sha256 });
    const { pieces = [], ...rest } = await measureCar(dag, whole.length);
    expect(rest).to.deep.equal({ size: whole.length, sha256 });
    expect(Buffer.concat(pieces).equals(whole)).to.equal(true);
  });
});

describe("wrapLinks", function () {
  it("makes a DAG that is whole of blocks that are not, with the same bytes in it", async function () {
    const model = await manyBlocks(2);
    const links = model.blocks.slice(-1);
    const { root, blocks: wrapped } = await wrapLinks(links);
    const pieces: Uint8Array[] = [];
    for await (const piece of writeCar(root, wrapped)) pieces.push(piece);
    const content = await readCar(Buffer.concat(pieces));
    expect(content.missing).to.deep.equal([]);
    expect(content.blocks.has(hashOf(model.root))).to.equal(true);
    expect((await wrapLinks(links)).root.equals(root)).to.equal(true);
  });
});

describe("forEachBlock", function () {
  it("works on a few at a time, and on none after a failure", async function () {
    const many = Array.from({ length: 40 }, (_, i) => singleBlock(String(i)).blocks[0] as (typeof blocks)[number]);
    let running = 0;
    let most = 0;
    let begun = 0;
    const work = async () => {
      begun++;
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
      if (begun === 20) throw new Error("enough");
    };
    expect(await forEachBlock(many, 4, work).catch((error: Error) => error.message)).to.equal("enough");
    expect(running).to.equal(0);
    expect(most).to.equal(4);
    expect(begun).to.be.below(30);
  });
});
