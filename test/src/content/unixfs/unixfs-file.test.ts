import { createHash } from "node:crypto";
import * as dagPb from "@ipld/dag-pb";
import { chacha20 } from "@noble/ciphers/chacha.js";
import { expect } from "chai";
import * as fc from "fast-check";
import { UnixFS } from "ipfs-unixfs";
import { type CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { type Block, computeCid, rawBlock } from "../../../../src/content/cid.ts";
import { type UnixfsLayout, buildUnixfsFile, readUnixfsFile } from "../../../../src/content/unixfs/unixfs-file.ts";
import { computeModelCid } from "../../../../src/model/model-cid.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { readVectors } from "../../../helpers/vectors.ts";

const MIB = 1024 * 1024;

const ZEROS: readonly (readonly [size: number, cid: string])[] = [
  [2147483648, "bafybeieyiwtflptdh35ga5rvsber2dzcbc7cikzfdwjmndjifuq42d6yhe"],
  [2147483653, "bafybeib2mtfd5etdrjkamiuzbh7jhbqekt6nxueu7o72j6k6i65jbwu6e4"],
  [3221225472, "bafybeienulqsuewl2oo4alnd2qmrdos765zvxddiybunolmpzlpnoksn74"],
  [4294967295, "bafybeiepcydp4kd63yey2toie3tigrwemrdp5g24rw44ftbpdtkwhcn7ky"],
  [4294967296, "bafybeidtxqruzlcsoiwzdbhebsfnif67v3r2r73etp6cvchma4xftr7izu"],
];

interface CidVector {
  readonly cid: string;
  readonly text?: string;
  readonly seed?: string;
  readonly size?: number;
}

describe("unixfs-file", function () {
  describe("buildUnixfsFile", function () {
    for (const { description, cid, text, seed, size } of readVectors<CidVector>("valid", "cid")) {
      it(`gives the known CID: ${description}`, async function () {
        const chunks = seed === undefined ? [Buffer.from(text as string)] : keystream(seed, size as number);
        expect((await rootOf(chunks)).toString()).to.equal(cid);
      });
    }

    // Of zeros, as Kubo 0.42 gives them: sizes of which 32 bits are a negative number to whom they have a sign.
    for (const [size, cid] of ZEROS) {
      it(`gives the CID that Kubo gives to ${size} zeros`, function () {
        const last = size % MIB || MIB;
        const [full, rest] = [MIB, last].map((length) => createHash("sha256").update(Buffer.alloc(length)).digest());
        const leaves = Array.from(
          { length: Math.ceil(size / MIB) },
          (_, i) => ((i + 1) * MIB > size ? rest : full) as Buffer,
        );
        expect(computeModelCid("file", [{ name: "zeros", size, leafDigests: Buffer.concat(leaves) }])).to.equal(cid);
      });
    }

    it("does not depend on how the content comes in pieces", async function () {
      const content = Buffer.concat([...keystream("pieces", 2 * MIB + 3)]);
      const whole = await rootOf([content]);
      for (const cut of [1, MIB - 1, MIB, MIB + 1, 2 * MIB + 2]) {
        expect(await rootOf([content.subarray(0, cut), new Uint8Array(), content.subarray(cut)])).to.deep.equal(whole);
      }
    });

    it("writes raw leaves of 1 MiB, and the sizes below each node", async function () {
      const { root, store } = await build([...keystream("sizes", 2 * MIB + 3)]);
      const node = dagPb.decode(await store.get(root));
      expect(UnixFS.unmarshal(node.Data as Uint8Array).blockSizes).to.deep.equal([BigInt(MIB), BigInt(MIB), 3n]);
      expect(node.Links.map(({ Tsize, Hash }) => [Tsize, Hash.code])).to.deep.equal([
        [MIB, raw.code],
        [MIB, raw.code],
        [3, raw.code],
      ]);
    });

    it("balances the tree of any number of leaves", async function () {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 140 }), fc.integer({ min: 2, max: 5 }), async (leaves, maxLinks) => {
          const content = Uint8Array.from({ length: leaves * 2 - 1 }, (_, i) => i);
          const { root, store } = await build([content], { maxLeafBytes: 2, maxLinks });
          const sizes = Array.from({ length: leaves }, (_, i) => (i === leaves - 1 ? 1 : 2));
          expect(await shapeOf(root, store)).to.deep.equal(balance(sizes, maxLinks));
          expect(Buffer.from(await readUnixfsFile(root, store.get, MIB))).to.deep.equal(Buffer.from(content));
        }),
      );
    });
  });

  describe("readUnixfsFile", function () {
    for (const size of [0, 1, MIB - 1, MIB, MIB + 1, 2 * MIB, 3 * MIB + 7]) {
      it(`reads back a file of ${size} bytes, and refuses it where fewer are allowed`, async function () {
        const content = Buffer.concat([...keystream("round trip", size)]);
        const { root, store } = await build([content]);
        expect(content.equals(await readUnixfsFile(root, store.get, size))).to.equal(true);
        if (size > 0)
          expect(await errorCode(() => readUnixfsFile(root, store.get, size - 1))).to.equal("STORE_BLOCK_CORRUPT");
      });
    }

    it("passes on that a block is missing", async function () {
      const { root, store } = await build([...keystream("missing", MIB + 1)]);
      store.blocks.delete([...store.blocks.keys()][0] as string);
      expect(await errorCode(() => readUnixfsFile(root, store.get, 2 * MIB))).to.equal("STORE_BLOCK_MISSING");
    });

    describe("refuses", function () {
      const leaf = rawBlock(Buffer.from("leaf"));
      const file = (links: CID[], data?: Uint8Array) =>
        pbBlock(new UnixFS({ type: "file", blockSizes: links.map(() => 4n), ...(data && { data }) }), links);
      const hostile: Record<string, Block> = {
        "a block that is no DAG-PB": { cid: computeCid(dagPb.code, Buffer.from("junk")), bytes: Buffer.from("junk") },
        "a node without UnixFS data": encodePb({ Links: [link(leaf.cid)] }),
        "a node whose data is no UnixFS": encodePb({ Data: Buffer.from([0xff, 0xff]), Links: [link(leaf.cid)] }),
        "a folder": pbBlock(new UnixFS({ type: "directory" }), [leaf.cid]),
        "a symbolic link": pbBlock(new UnixFS({ type: "symlink", data: Buffer.from("/etc/passwd") }), []),
        "a node that holds content itself": file([leaf.cid], Buffer.from("more")),
        "a node with more than 1 024 links": file(Array<CID>(1025).fill(leaf.cid)),
        "a block of another codec": { cid: computeCid(0x71, leaf.bytes), bytes: leaf.bytes },
      };
      for (const [what, block] of Object.entries(hostile)) {
        it(what, async function () {
          const store = new MemoryStore([leaf, block]);
          expect(await errorCode(() => readUnixfsFile(block.cid, store.get, MIB))).to.equal("STORE_BLOCK_CORRUPT");
          const above = file([block.cid]);
          store.add(above);
          expect(await errorCode(() => readUnixfsFile(above.cid, store.get, MIB))).to.equal("STORE_BLOCK_CORRUPT");
        });
      }

      it("few blocks that are linked so often that reading would not end", async function () {
        const empty = rawBlock(new Uint8Array());
        const store = new MemoryStore([empty]);
        let root = empty.cid;
        for (let level = 0; level < 8; level++) {
          const node = file(Array<CID>(1024).fill(root));
          store.add(node);
          root = node.cid;
        }
        expect(await errorCode(() => readUnixfsFile(root, store.get, MIB))).to.equal("STORE_BLOCK_CORRUPT");
        expect(store.reads).to.be.below(10_000);
      });
    });
  });
});

/** `size` bytes of a ChaCha20 keystream, made as they are asked for. */
function* keystream(seed: string, size: number): Generator<Uint8Array> {
  const key = createHash("sha256").update(seed).digest();
  const zeros = new Uint8Array(MIB);
  for (let start = 0; start < size; start += MIB) {
    yield chacha20(key, new Uint8Array(12), zeros.subarray(0, Math.min(MIB, size - start)), undefined, start / 64);
  }
}

async function rootOf(chunks: Iterable<Uint8Array>): Promise<CID> {
  const blocks = buildUnixfsFile(chunks);
  for (;;) {
    const { value, done } = await blocks.next();
    if (done) return value;
  }
}

async function build(chunks: Iterable<Uint8Array>, layout?: UnixfsLayout): Promise<{ root: CID; store: MemoryStore }> {
  const store = new MemoryStore();
  const blocks = buildUnixfsFile(chunks, layout);
  for (;;) {
    const { value, done } = await blocks.next();
    if (done) return { root: value, store };
    store.add(value);
  }
}

type Shape = number | Shape[];

/** The sizes of leaves, nested as the nodes are. */
async function shapeOf(cid: CID, store: MemoryStore): Promise<Shape> {
  const bytes = await store.get(cid);
  if (cid.code === raw.code) return bytes.length;
  return Promise.all(dagPb.decode(bytes).Links.map(({ Hash }) => shapeOf(Hash, store)));
}

/** The balanced layout by its definition: layer upon layer of as many links as a node may have. */
function balance(layer: Shape[], maxLinks: number): Shape {
  if (layer.length === 1) return layer[0] as Shape;
  const nodes: Shape[] = [];
  for (let i = 0; i < layer.length; i += maxLinks) nodes.push(layer.slice(i, i + maxLinks));
  return balance(nodes, maxLinks);
}

function link(cid: CID): dagPb.PBLink {
  return { Name: "", Hash: cid, Tsize: 4 };
}

function pbBlock(unixfs: UnixFS, links: readonly CID[]): Block {
  return encodePb({ Data: unixfs.marshal(), Links: links.map(link) });
}

function encodePb(node: dagPb.PBNode): Block {
  const bytes = dagPb.encode(node);
  return { cid: computeCid(dagPb.code, bytes), bytes };
}
