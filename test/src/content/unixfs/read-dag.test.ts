import * as dagPb from "@ipld/dag-pb";
import { expect } from "chai";
import { UnixFS } from "ipfs-unixfs";
import { type CID } from "multiformats/cid";
import { type ResourceWithLeaves, buildModelDag } from "../../../../src/model/model-cid.ts";
import { type Block, computeCid, rawBlock } from "../../../../src/content/cid.ts";
import { findUnixfsFile, readLeafDigests, readVerified } from "../../../../src/content/unixfs/read-dag.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { MemoryStore } from "../../../helpers/memory-store.ts";

const MIB = 1024 * 1024;

describe("reading the blocks that link a model", function () {
  it("finds every file and its leaves, in nested and in sharded folders", async function () {
    const names = [
      "a",
      "sub/a",
      "sub/sub/ü",
      ...Array.from({ length: 6000 }, (_, i) => `many/file-${i}-${"x".repeat(40)}`),
    ];
    const resources = names.map((name, i) => resource(name, i % 50 === 0 ? 3 : 1));
    const { store, root } = pinLinks(resources, "folder");
    const read = readVerified(store);
    for (const { name, size, leafDigests } of resources.filter((_, i) => i < 4 || i % 50 === 0)) {
      const file = (await findUnixfsFile(root, name, read)) as CID;
      const count = leafDigests.length / 32;
      expect(Buffer.from(await readLeafDigests(file, size, count, read)), name).to.deep.equal(Buffer.from(leafDigests));
    }
    for (const name of ["b", "sub/b", "sub/a/x", "many/none"]) {
      const found = await errorCode(async () => expect(await findUnixfsFile(root, name, read)).to.equal(undefined));
      expect(found, name).to.be.oneOf(["no error", "STORE_BLOCK_CORRUPT"]);
    }
  });

  it("reads files of more than one layer, and no more of them than asked for", async function () {
    const file = resource("model", 1024 * 2 + 1);
    const { store, root } = pinLinks([file], "file");
    const read = readVerified(store);
    expect((await findUnixfsFile(root, "any name", read))?.toString()).to.equal(root.toString());
    expect(Buffer.from(await readLeafDigests(root, file.size, Infinity, read))).to.deep.equal(
      Buffer.from(file.leafDigests),
    );
    store.reads = 0;
    const some = await readLeafDigests(root, file.size, 3, readVerified(store));
    expect(Buffer.from(some)).to.deep.equal(Buffer.from(file.leafDigests.subarray(0, 96)));
    expect(store.reads).to.equal(2);
    expect(await readLeafDigests(root, file.size, 0, read)).to.have.length(0);
  });

  it("refuses what the store should not have answered", async function () {
    const file = resource("model", 5);
    const { store, root } = pinLinks([file], "file");
    const read = readVerified(store);
    await read(root);
    store.add({ cid: root, bytes: new Uint8Array(5) });
    expect(await errorCode(() => readLeafDigests(root, file.size, 5, readVerified(store)))).to.equal(
      "STORE_BLOCK_CORRUPT",
    );
    store.blocks.clear();
    expect(await errorCode(() => readLeafDigests(root, file.size, 5, readVerified(store)))).to.equal(
      "STORE_BLOCK_MISSING",
    );
  });

  it("refuses a file that is not of the size recorded", async function () {
    const { store, root } = pinLinks([resource("model", 5)], "file");
    for (const leaves of [1, 4, 6, 1025, 2 ** 32]) {
      const code = await errorCode(() => readLeafDigests(root, leaves * MIB, 1, readVerified(store)));
      expect(code, String(leaves)).to.equal("STORE_BLOCK_CORRUPT");
    }
  });

  it("reads a few blocks of a file that a stranger made endless", async function () {
    const store = new MemoryStore();
    let child = rawBlock(Buffer.alloc(MIB)).cid;
    for (let depth = 0; depth < 4; depth++) {
      const node = nodeOf(Array.from({ length: 1024 }, () => child));
      store.add(node);
      child = node.cid;
    }
    const digests = await readLeafDigests(child, 1024 ** 4 * MIB, 10, readVerified(store));
    expect(digests).to.have.length(320);
    expect(store.reads).to.equal(4);
  });
});

function nodeOf(children: CID[]): Block {
  const unixfs = new UnixFS({ type: "file", blockSizes: children.map(() => BigInt(MIB)) });
  const bytes = dagPb.encode({ Data: unixfs.marshal(), Links: children.map((Hash) => ({ Name: "", Hash, Tsize: 1 })) });
  return { cid: computeCid(dagPb.code, bytes), bytes };
}

function resource(name: string, leaves: number): ResourceWithLeaves {
  const leafDigests = new Uint8Array(leaves * 32);
  for (let i = 0; i < leaves; i++) new DataView(leafDigests.buffer).setUint32(i * 32, i + name.length);
  return { name, size: leaves * MIB, leafDigests };
}

function pinLinks(resources: ResourceWithLeaves[], kind: "file" | "folder"): { store: MemoryStore; root: CID } {
  const store = new MemoryStore();
  const blocks = buildModelDag(kind, resources);
  for (;;) {
    const { value, done } = blocks.next();
    if (done) return { store, root: value.cid };
    store.add(value);
  }
}
