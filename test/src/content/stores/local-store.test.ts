import { readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { join } from "node:path";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const one = rawBlock(Buffer.from("one"));
const two = rawBlock(Buffer.from("two"));
const empty = rawBlock(new Uint8Array());

describe("LocalStore", function () {
  const temporary = useTemporaryFolder();
  const openStore = () => new LocalStore(temporary.path("deep", "store"));

  async function pinned(...blocks: Block[]): Promise<LocalStore> {
    const store = openStore();
    await store.pin((blocks.at(-1) as Block).cid, blocks);
    return store;
  }

  /** Where a store that holds one block keeps it. */
  async function onlyFile(): Promise<string> {
    const files = await listFiles();
    expect(files).to.have.lengthOf(1);
    return files[0] as string;
  }

  /** What lies where blocks are kept. */
  async function listFiles(): Promise<string[]> {
    const blocks = temporary.path("deep", "store", "blocks");
    const entries = await readdir(blocks, { recursive: true, withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  }

  it("is the one called local, and nobody else can fetch from it", function () {
    expect(openStore()).to.include({ name: "local", public: false });
  });

  it("gives back all blocks that were pinned, also from a store opened later", async function () {
    await pinned(one, two, empty);
    const store = openStore();
    for (const { cid, bytes } of [one, two, empty]) {
      expect(await store.has(cid)).to.equal(true);
      expect(Buffer.from(await store.get(cid)).equals(bytes)).to.equal(true);
    }
  });

  it("leaves one file a block, and no temporary one", async function () {
    await pinned(one, two, one);
    const names = (await listFiles()).map((path) => path.split("/").at(-1));
    expect(names).to.have.members([one.cid.toString(), two.cid.toString()]);
  });

  it("makes nothing before a block is written", async function () {
    const store = openStore();
    expect(await store.has(one.cid)).to.equal(false);
    expect(await readdir(temporary.path())).to.deep.equal([]);
  });

  it("says that a block is missing: never pinned, or lost", async function () {
    const store = await pinned(one);
    expect(await errorCode(() => store.get(two.cid))).to.equal("STORE_BLOCK_MISSING");
    await rm(await onlyFile());
    expect(await store.has(one.cid)).to.equal(false);
    expect(await errorCode(() => store.get(one.cid))).to.equal("STORE_BLOCK_MISSING");
  });

  const damages: Record<string, (path: string) => Promise<void>> = {
    "written over": (path) => writeFile(path, "won"),
    "cut short": (path) => truncate(path, 2),
    emptied: (path) => truncate(path, 0),
    "made longer": (path) => writeFile(path, "one and more"),
  };
  for (const [how, damage] of Object.entries(damages)) {
    it(`says that a block is damaged, and repairs it by a second pin: ${how}`, async function () {
      const store = await pinned(one);
      await damage(await onlyFile());
      expect(await errorCode(() => store.get(one.cid))).to.equal("STORE_BLOCK_CORRUPT");
      await store.pin(one.cid, [one]);
      expect(Buffer.from(await store.get(one.cid)).equals(one.bytes)).to.equal(true);
      await onlyFile();
    });
  }

  it("repairs a block that was lost", async function () {
    const store = await pinned(one);
    await rm(await onlyFile());
    await store.pin(one.cid, [one]);
    expect(await store.has(one.cid)).to.equal(true);
  });

  it("fails where it cannot write, and leaves what was there", async function () {
    await writeFile(temporary.path("deep"), "a file in the store's place");
    expect(await errorCode(() => openStore().pin(one.cid, [one]))).to.equal("STORE_FAILED");
    expect(await readFile(temporary.path("deep"), "utf8")).to.equal("a file in the store's place");
    expect(await readdir(temporary.path())).to.deep.equal(["deep"]);
  });

  it("fails where a folder stands in a block's place, and leaves no temporary file", async function () {
    const store = await pinned(one);
    const path = await onlyFile();
    await rm(path);
    await temporary.write("", { [`${path.slice(temporary.path().length)}/sub`]: "x" });
    expect(await errorCode(() => store.get(one.cid))).to.equal("STORE_FAILED");
    expect(await errorCode(() => store.pin(one.cid, [one]))).to.equal("STORE_FAILED");
    expect(await listFiles()).to.deep.equal([`${path}/sub`]);
  });

  it("keeps what is whole of a list that breaks off", async function () {
    const store = openStore();
    function* blocks() {
      yield one;
      throw new Error("no more");
    }
    expect(await store.pin(one.cid, blocks()).catch((error: Error) => error.message)).to.equal("no more");
    expect(await store.has(one.cid)).to.equal(true);
  });

  it("stops when it is told to, and keeps what is written", async function () {
    const store = openStore();
    const controller = new AbortController();
    function* blocks() {
      yield one;
      controller.abort();
      yield two;
    }
    const { signal } = controller;
    expect(await errorCode(() => store.pin(one.cid, blocks(), { signal }))).to.equal("INTERRUPTED");
    expect([await store.has(one.cid), await store.has(two.cid)]).to.deep.equal([true, false]);
    expect(await store.parts.pins.list()).to.deep.equal([]);
  });

  it("takes the same block twice at once", async function () {
    const store = openStore();
    await Promise.all([store.pin(one.cid, [one]), store.pin(one.cid, [one]), store.pin(one.cid, [one])]);
    expect(Buffer.from(await store.get(one.cid)).equals(one.bytes)).to.equal(true);
    await onlyFile();
  });
});
