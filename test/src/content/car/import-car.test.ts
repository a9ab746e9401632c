import * as dagPb from "@ipld/dag-pb";
import { CarWriter } from "@ipld/car";
import { writeFile } from "node:fs/promises";
import { expect } from "chai";
import { UnixFS } from "ipfs-unixfs";
import { CID } from "multiformats/cid";
import { sha256 } from "multiformats/hashes/sha2";
import type { Block } from "../../../../src/content/cid.ts";
import { rawBlock } from "../../../../src/content/cid.ts";
import { importCar } from "../../../../src/content/car/import-car.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

class CountingStore extends LocalStore {
  reads = 0;

  override async get(cid: CID): Promise<Uint8Array> {
    this.reads++;
    return super.get(cid);
  }
}

describe("importCar", function () {
  const temporary = useTemporaryFolder();

  /** Folders, each in the next one. */
  async function nested(depth: number): Promise<Block[]> {
    const blocks = [rawBlock(Buffer.from("content"))];
    for (let level = 0; level < depth; level++) {
      const { cid, bytes: below } = blocks.at(-1) as Block;
      const links = [{ Name: "below", Hash: cid, Tsize: below.length }];
      const bytes = dagPb.encode({ Data: new UnixFS({ type: "directory" }).marshal(), Links: links });
      blocks.push({ cid: CID.createV1(dagPb.code, await sha256.digest(bytes)), bytes });
    }
    return blocks;
  }

  async function write(roots: readonly CID[], blocks: readonly Block[]): Promise<string> {
    const { writer, out } = CarWriter.create([...roots]);
    const pieces: Uint8Array[] = [];
    const done = (async () => {
      for await (const piece of out) pieces.push(piece);
    })();
    for (const block of blocks) await writer.put(block);
    await writer.close();
    await done;
    const path = temporary.path("archive.car");
    await writeFile(path, Buffer.concat(pieces));
    return path;
  }

  it("pins every root, and walks what is below several of them once", async function () {
    const blocks = await nested(200);
    const roots = blocks.slice(1).map(({ cid }) => cid);
    const store = new CountingStore(temporary.path("store"));
    const imported = await importCar(store, await write(roots, blocks));
    expect([imported.roots.length, imported.blocks]).to.deep.equal([200, 201]);
    expect(store.reads).to.be.at.most(2 * blocks.length);
  });

  it("finds what is missing below any root", async function () {
    const [leaf, ...folders] = await nested(3);
    const other = rawBlock(Buffer.from("not there"));
    const roots = [folders[2] as Block, other].map(({ cid }) => cid);
    const path = await write(roots, [leaf as Block, ...folders]);
    expect(await errorCode(async () => importCar(new LocalStore(temporary.path("store")), path))).to.equal(
      "STORE_BLOCK_MISSING",
    );
  });

  it("takes an archive with more roots than anybody names for none", async function () {
    const block = rawBlock(Buffer.from("x"));
    const path = await write(Array<CID>(10_001).fill(block.cid), [block]);
    expect(await errorCode(async () => importCar(new LocalStore(temporary.path("store")), path))).to.equal(
      "OPTION_INVALID",
    );
  });
});
