import { readFile, readdir, writeFile } from "node:fs/promises";
import { CarReader, CarWriter } from "@ipld/car";
import { createWriter, headerLength } from "@ipld/car/buffer-writer";
import { expect } from "chai";
import * as fc from "fast-check";
import { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { create as createMultihash } from "multiformats/hashes/digest";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { writeCar } from "../../../../src/content/car/car.ts";
import { writeCarFile } from "../../../../src/content/car/car-file.ts";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { readCar } from "../../../../src/content/car/read-car.ts";
import { giveBack } from "../../../../src/content/buffer-pool.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { fileOf } from "../../../helpers/file-of.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const one = rawBlock(Buffer.from("one"));
const two = rawBlock(Buffer.from("two"));

/** Blocks of all sizes around those at which they are put together. */
const blockLists = fc
  .array(
    fc.tuple(fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(65_535, 65_536, MIB - 1, MIB)), fc.nat({ max: 255 })),
    {
      maxLength: 12,
    },
  )
  .map((sizes) => sizes.map(([size, byte]) => rawBlock(Buffer.alloc(size, byte))));

async function concat(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function read(bytes: Uint8Array, atOnce?: number, shared = false) {
  const { roots, blocks } = await readCar(fileOf(bytes, atOnce), { shared });
  const list: Block[] = [];
  for await (const { cid, bytes } of blocks) {
    list.push({ cid, bytes: shared ? bytes.slice() : bytes });
    giveBack(bytes);
  }
  return { roots, blocks: list };
}

const texts = (blocks: readonly Block[]) =>
  blocks.map(({ cid, bytes }) => [cid.toString(), Buffer.from(bytes).toString("hex")]);

describe("CAR", function () {
  const temporary = useTemporaryFolder();

  describe("writeCar", function () {
    it("is read back by the reference reader, whatever the sizes", async function () {
      await fc.assert(
        fc.asyncProperty(blockLists, async (blocks) => {
          const car = await CarReader.fromBytes(await concat(writeCar(one.cid, blocks)));
          expect((await car.getRoots()).map(String)).to.deep.equal([one.cid.toString()]);
          const found: Block[] = [];
          for await (const { cid, bytes } of car.blocks()) found.push({ cid, bytes });
          expect(texts(found)).to.deep.equal(texts(blocks));
        }),
        { numRuns: 30 },
      );
    });

    it("writes the same bytes as the reference writer", async function () {
      const blocks = [one, rawBlock(new Uint8Array()), two, rawBlock(Buffer.alloc(MIB, 1))];
      const { writer, out } = CarWriter.create([one.cid]);
      void (async () => {
        for (const block of blocks) await writer.put(block);
        await writer.close();
      })();
      expect((await concat(out)).equals(await concat(writeCar(one.cid, blocks)))).to.equal(true);
    });

    it("holds no more back than a few blocks", async function () {
      let made = 0;
      function* blocks() {
        for (;;) yield rawBlock(Buffer.alloc(MIB, made++ % 256));
      }
      let size = 0;
      for await (const piece of writeCar(one.cid, blocks())) {
        size += piece.length;
        expect(made * MIB - size).to.be.at.most(8 * MIB);
        if (size > 64 * MIB) break;
      }
    });

    it("passes on why its blocks broke off", async function () {
      function* blocks() {
        yield one;
        throw new ProvenanceError("MODEL_CHANGED", "changed");
      }
      expect(await errorCode(async () => concat(writeCar(one.cid, blocks())))).to.equal("MODEL_CHANGED");
    });
  });

  describe("writeCarFile", function () {
    it("writes what writeCar gives, in order, and counts it", async function () {
      const path = temporary.path("out.car");
      await fc.assert(
        fc.asyncProperty(blockLists, async (blocks) => {
          let counted = 0;
          const size = await writeCarFile(path, one.cid, blocks, (bytes) => (counted += bytes));
          const written = await readFile(path);
          expect(written.equals(await concat(writeCar(one.cid, blocks)))).to.equal(true);
          expect([size, counted]).to.deep.equal([written.length, written.length]);
        }),
        { numRuns: 20 },
      );
    });

    it("writes very many small blocks", async function () {
      const blocks = Array.from({ length: 10_000 }, (_, i) => rawBlock(Buffer.from(String(i))));
      await writeCarFile(temporary.path("out.car"), one.cid, blocks);
      expect((await read(await readFile(temporary.path("out.car")))).blocks).to.have.length(10_000);
    });

    it("leaves what was there, and nothing else, where the blocks break off", async function () {
      const path = temporary.path("out.car");
      await writeFile(path, "before");
      function* blocks() {
        for (let i = 0; i < 20; i++) yield rawBlock(Buffer.alloc(MIB, i));
        throw new ProvenanceError("MODEL_CHANGED", "changed");
      }
      expect(await errorCode(async () => writeCarFile(path, one.cid, blocks()))).to.equal("MODEL_CHANGED");
      expect(await readFile(path, "utf8")).to.equal("before");
      expect(await readdir(temporary.path())).to.deep.equal(["out.car"]);
    });
  });

  describe("readCar", function () {
    it("reads back what was written, however little a read brings and wherever the blocks lie", async function () {
      await fc.assert(
        fc.asyncProperty(
          blockLists,
          fc.integer({ min: 1, max: 100_000 }),
          fc.boolean(),
          async (blocks, cut, shared) => {
            const bytes = await concat(writeCar(one.cid, blocks));
            const found = await read(bytes, Math.max(cut, Math.ceil(bytes.length / 2000)), shared);
            expect(found.roots.map(String)).to.deep.equal([one.cid.toString()]);
            expect(texts(found.blocks)).to.deep.equal(texts(blocks));
          },
        ),
        { numRuns: 30 },
      );
    });

    it("reads the data of a CARv2, and stops where it ends", async function () {
      const data = await concat(writeCar(one.cid, [one, two]));
      const head = Buffer.alloc(40);
      head.writeBigUInt64LE(51n, 16);
      head.writeBigUInt64LE(BigInt(data.length), 24);
      const pragma = Buffer.from("0aa16776657273696f6e02", "hex");
      const { roots, blocks } = await read(Buffer.concat([pragma, head, data, Buffer.from("an index")]));
      expect(roots.map(String)).to.deep.equal([one.cid.toString()]);
      expect(texts(blocks)).to.deep.equal(texts([one, two]));
    });

    describe("refuses", function () {
      const roots = [one.cid];
      const header = createWriter(new ArrayBuffer(headerLength({ roots })), { roots }).close();
      const section = (cid: CID, bytes: Uint8Array, length = cid.bytes.length + bytes.length) =>
        Buffer.concat([encodeVarint(length), cid.bytes, bytes]);
      const blake = CID.createV1(raw.code, createMultihash(0xb220, new Uint8Array(32)));
      const hostile: Record<string, Uint8Array> = {
        nothing: new Uint8Array(),
        "what is no archive": Buffer.from("PK\x03\x04 a zip file, for example"),
        "a header that has no end": encodeVarint(2 ** 50),
        "a header longer than a block": Buffer.concat([encodeVarint(3 * MIB), Buffer.alloc(3 * MIB)]),
        "a header that is cut short": header.subarray(0, 20),
        "a block that is cut short": Buffer.concat([header, section(one.cid, one.bytes)]).subarray(0, -1),
        "a block that is another": Buffer.concat([header, section(one.cid, two.bytes)]),
        "a block of an unknown hash": Buffer.concat([header, section(blake, one.bytes)]),
        "a block that claims to be huge": Buffer.concat([header, section(one.cid, one.bytes, 2 ** 45)]),
        "a block above 2 MiB": Buffer.concat([
          header,
          section(rawBlock(Buffer.alloc(2 * MIB + 1)).cid, Buffer.alloc(2 * MIB + 1)),
        ]),
        "a section without anything": Buffer.concat([header, Buffer.from([0]), section(one.cid, one.bytes)]),
        "a section shorter than its CID": Buffer.concat([header, section(one.cid, new Uint8Array(), 5)]),
      };
      for (const [what, bytes] of Object.entries(hostile)) {
        it(what, async function () {
          expect(await errorCode(async () => read(bytes))).to.equal("STORE_BLOCK_CORRUPT");
        });
      }

      it("anything that is no archive, with one error and bounded memory", async function () {
        const valid = await concat(writeCar(one.cid, [one, two, rawBlock(Buffer.alloc(300))]));
        const flipped = fc.tuple(fc.nat(), fc.nat({ max: 255 })).map(([at, byte]) => {
          const bytes = Buffer.from(valid);
          bytes[at % bytes.length] = byte;
          return bytes;
        });
        await fc.assert(
          fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), flipped), async (bytes) => {
            const code = await errorCode(async () => read(bytes));
            expect(code).to.be.oneOf(["no error", "STORE_BLOCK_CORRUPT"]);
          }),
          { numRuns: 500 },
        );
      });
    });
  });
});

function encodeVarint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 0x80);
  }
}
