import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import * as fc from "fast-check";
import { UnixFS } from "ipfs-unixfs";
import { importer } from "ipfs-unixfs-importer";
import { fixedSize } from "ipfs-unixfs-importer/chunker";
import { trickle } from "ipfs-unixfs-importer/layout";
import type { CID } from "multiformats/cid";
import { type Block, MAX_FOREIGN_BLOCK_BYTES, computeCid, rawBlock } from "../../../../src/content/cid.ts";
import {
  type BlockReader,
  findUnixfsFile,
  readUncached,
  readVerified,
} from "../../../../src/content/unixfs/read-dag.ts";
import { buildUnixfsFile } from "../../../../src/content/unixfs/unixfs-file.ts";
import { type UnixfsEntry, buildUnixfsFolder } from "../../../../src/content/unixfs/unixfs-folder.ts";
import { isPiece, listFilePieces, readFilePiece } from "../../../../src/content/unixfs/unixfs-pieces.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";
import { arbitraryName } from "../../../helpers/resources.ts";

const MIB = 1024 * 1024;

/** Bytes of which no two MiB are alike. */
function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i++) bytes[i] = (i >> 12) + i;
  return bytes;
}

/** Reads a whole file as a fetch does, out of order. */
async function readAll(root: CID, size: number, read: BlockReader): Promise<Buffer> {
  const pieces = [];
  let expected = 0;
  for await (const piece of listFilePieces(root, size, read)) {
    expect(piece.offset).to.equal(expected);
    expected += piece.size;
    pieces.push(piece);
  }
  expect(expected).to.equal(size);
  const bytes = Buffer.alloc(size, 0xee);
  for (const piece of pieces.toReversed()) {
    const content = await readFilePiece(piece, read);
    expect(content).to.have.length(piece.size);
    if ("cid" in piece && piece.cid.code === 0x55) expect(isPiece(piece, content)).to.equal(true);
    bytes.set(content, piece.offset);
  }
  return bytes;
}

async function addFile(store: MemoryStore, content: Uint8Array, layout?: { maxLeafBytes: number; maxLinks: number }) {
  const building = buildUnixfsFile([content], layout);
  for (;;) {
    const { value, done } = await building.next();
    if (done) return value;
    store.add(value);
  }
}

/** A folder of files, as our own builder makes it. */
async function addFolder(store: MemoryStore, files: ReadonlyMap<string, Uint8Array>): Promise<CID> {
  const entries: [string, UnixfsEntry][] = [];
  for (const [name, content] of files) entries.push([name, { cid: await addFile(store, content), dagSize: 1 }]);
  const building = buildUnixfsFolder(entries);
  for (;;) {
    const { value, done } = building.next();
    if (done) return value.cid;
    store.add(value);
  }
}

function node(
  parts: readonly { cid: CID; size: number | bigint }[],
  data?: Uint8Array,
  type: "file" | "directory" | "symlink" = "file",
): Block {
  const blockSizes = parts.map(({ size }) => BigInt(size));
  const unixfs = new UnixFS({ type, blockSizes, ...(data && { data }) });
  const links = parts.map(({ cid }) => ({ Name: "", Hash: cid, Tsize: 1 }));
  const bytes = dagPb.encode({ Data: unixfs.marshal(), Links: links });
  return { cid: computeCid(dagPb.code, bytes), bytes };
}

const uncollided = (names: readonly string[]) =>
  names.every((name) => !names.some((other) => name.startsWith(`${other}/`)));

describe("the pieces of a file", function () {
  it("give back byte for byte what our own builder cut", async function () {
    for (const size of [0, 1, MIB - 1, MIB, MIB + 1, 5 * MIB + 7]) {
      const content = pattern(size);
      const store = new MemoryStore();
      const root = await addFile(store, content);
      expect((await readAll(root, size, readVerified(store))).equals(content), String(size)).to.equal(true);
    }
  });

  it("give back what others cut: other sizes, wrapped leaves, bytes in linking blocks, unbalanced trees", async function () {
    const content = pattern(3 * MIB + 5);
    for (const options of [
      { profile: "unixfs-v0-2015" },
      { cidVersion: 1, rawLeaves: true },
      { cidVersion: 0, rawLeaves: false, leafType: "raw" },
      { layout: trickle() },
      { chunker: fixedSize({ chunkSize: 2 * MIB }), rawLeaves: true },
      { chunker: fixedSize({ chunkSize: 2 * MIB - 100 }), rawLeaves: false },
      { cidVersion: 1, rawLeaves: false, reduceSingleLeafToSelf: false },
    ]) {
      const store = new MemoryStore();
      const root = await importFile(store, content, options);
      const read = readVerified(store, { maxBytes: MAX_FOREIGN_BLOCK_BYTES });
      expect((await readAll(root, content.length, read)).equals(content), JSON.stringify(options)).to.equal(true);
    }
  });

  it("give back random folders, byte for byte", async function () {
    const files = fc
      .uniqueArray(fc.tuple(arbitraryName(), fc.uint8Array({ maxLength: 300 })), {
        selector: ([name]) => name,
        minLength: 1,
        maxLength: 12,
      })
      .filter((entries) => uncollided(entries.map(([name]) => name)));
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const store = new MemoryStore();
        const root = await addFolder(store, new Map(entries));
        const read = readVerified(store);
        for (const [name, content] of entries) {
          const file = (await findUnixfsFile(root, name, read)) as CID;
          expect((await readAll(file, content.length, read)).equals(content)).to.equal(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("give back random files of random layouts, or fail; changed blocks never give other bytes", async function () {
    const layout = fc.record({
      maxLeafBytes: fc.integer({ min: 1, max: 64 }),
      maxLinks: fc.integer({ min: 2, max: 5 }),
    });
    const damage = fc.record({
      block: fc.nat(),
      change: fc.constantFrom("flip", "truncate", "extend", "swap", "remove"),
      at: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 800 }), layout, damage, async (content, cut, harm) => {
        const store = new MemoryStore();
        const root = await addFile(store, content, cut);
        const size = content.length;
        expect((await readAll(root, size, readVerified(store))).equals(content)).to.equal(true);
        mutate(store, harm);
        const code = await errorCode(async () => {
          const read = await readAll(root, size, readUncached(store));
          expect(read.equals(content)).to.equal(true);
        });
        // A block that stands in the file several times, or was swapped with itself, changes nothing.
        expect(code).to.be.oneOf(["no error", "STORE_BLOCK_CORRUPT", "STORE_BLOCK_MISSING"]);
      }),
      { numRuns: 200 },
    );
  });

  it("are refused where they are not of the size that was recorded", async function () {
    const store = new MemoryStore();
    const content = Buffer.alloc(2 * MIB + 9, 1);
    const root = await addFile(store, content);
    for (const size of [1, MIB, content.length - 1, content.length + 1, 2 ** 50]) {
      expect(await errorCode(async () => readAll(root, size, readVerified(store))), String(size)).to.equal(
        "STORE_BLOCK_CORRUPT",
      );
    }
    const leaf = rawBlock(Buffer.alloc(10));
    store.add(leaf);
    const huge = { offset: 0, size: MAX_FOREIGN_BLOCK_BYTES + 1 };
    expect(await errorCode(async () => readAll(leaf.cid, huge.size, readVerified(store)))).to.equal(
      "STORE_BLOCK_CORRUPT",
    );
    expect(await errorCode(async () => readAll(leaf.cid, 9, readVerified(store)))).to.equal("STORE_BLOCK_CORRUPT");
  });

  it("are refused where the blocks would never end, or say nothing of their sizes", async function () {
    const leaf = rawBlock(Buffer.alloc(1, 1));
    const size = 4 * MIB;
    const empty = node([]);
    const nested = (depth: number): Block[] => {
      const blocks = [node([{ cid: leaf.cid, size }])];
      for (let i = 0; i < depth; i++) blocks.push(node([{ cid: (blocks.at(-1) as Block).cid, size }]));
      return blocks;
    };
    const hostile: Record<string, Block[]> = {
      "a chain of single links": nested(40),
      "parts of no length": [
        node([
          { cid: empty.cid, size: 0 },
          { cid: leaf.cid, size },
        ]),
      ],
      "a size beyond all integers": [node([{ cid: leaf.cid, size: 2n ** 63n }])],
      "fewer sizes than links": [badSizes(leaf.cid)],
      "a folder": [node([{ cid: leaf.cid, size }], undefined, "directory")],
      "a symbolic link": [node([], Buffer.alloc(10), "symlink")],
      "no UnixFS at all": [noUnixfs(leaf.cid)],
      "another codec": [{ cid: computeCid(0x71, Buffer.from("x")), bytes: Buffer.from("x") }],
    };
    for (const [what, blocks] of Object.entries(hostile)) {
      const store = new MemoryStore([leaf, empty, ...blocks]);
      const root = (blocks.at(-1) as Block).cid;
      const code = await errorCode(async () => readAll(root, size, readVerified(store)));
      expect(code, what).to.equal("STORE_BLOCK_CORRUPT");
      expect(store.reads, what).to.be.lessThan(100);
    }
  });

  it("end a few reads after a stranger cut a file into single bytes", async function () {
    const leaf = rawBlock(Buffer.alloc(1, 1));
    const kilobyte = node(Array.from({ length: 1024 }, () => ({ cid: leaf.cid, size: 1 })));
    const megabyte = node(Array.from({ length: 1024 }, () => ({ cid: kilobyte.cid, size: 1024 })));
    const root = node(Array.from({ length: 16 }, () => ({ cid: megabyte.cid, size: MIB })));
    const store = new MemoryStore([leaf, kilobyte, megabyte, root]);
    expect(await errorCode(async () => readAll(root.cid, 16 * MIB, readUncached(store)))).to.equal(
      "STORE_BLOCK_CORRUPT",
    );
    expect(store.reads).to.be.lessThan(2000);
  });
});

function mutate(store: MemoryStore, { block, change, at }: { block: number; change: string; at: number }): void {
  const keys = [...store.blocks.keys()];
  const key = keys[block % keys.length] as string;
  const bytes = Uint8Array.from(store.blocks.get(key) as Uint8Array);
  const other = store.blocks.get(keys[at % keys.length] as string) as Uint8Array;
  if (change === "remove") store.blocks.delete(key);
  else if (change === "swap") store.blocks.set(key, other);
  else if (change === "truncate") store.blocks.set(key, bytes.subarray(0, at % bytes.length));
  else if (change === "extend") store.blocks.set(key, Buffer.concat([bytes, Buffer.alloc(1 + (at % 7))]));
  else {
    const position = at % bytes.length;
    bytes[position] = (bytes[position] as number) ^ (1 << (at % 8));
    store.blocks.set(key, bytes);
  }
}

async function importFile(store: MemoryStore, content: Uint8Array, options: object): Promise<CID> {
  const blockstore = {
    put: async (cid: CID, bytes: Uint8Array) => {
      store.add({ cid, bytes });
      return cid;
    },
  };
  let root: CID | undefined;
  for await (const entry of importer([{ content }], blockstore, options)) root = entry.cid;
  return root as CID;
}

function badSizes(cid: CID): Block {
  const unixfs = new UnixFS({ type: "file", blockSizes: [4n * BigInt(MIB)] });
  const links = [1, 2].map(() => ({ Name: "", Hash: cid, Tsize: 1 }));
  const bytes = dagPb.encode({ Data: unixfs.marshal(), Links: links });
  return { cid: computeCid(dagPb.code, bytes), bytes };
}

function noUnixfs(cid: CID): Block {
  const bytes = dagPb.encode({ Data: Buffer.from("?"), Links: [{ Name: "", Hash: cid, Tsize: 1 }] });
  return { cid: computeCid(dagPb.code, bytes), bytes };
}
