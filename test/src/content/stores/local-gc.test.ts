import { readdir, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { checkStore } from "../../../../src/content/stores/local/check-store.ts";
import { collectGarbage } from "../../../../src/content/stores/local/collect-garbage.ts";
import { listPins } from "../../../../src/content/stores/local/list-pins.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { blocksOfFile } from "../../../helpers/file-blocks.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const NOTHING = { blocks: 0, bytes: 0, references: 0, temporary: 0 };
const one = rawBlock(Buffer.from("one"));
const two = rawBlock(Buffer.from("two"));

describe("what a local store keeps", function () {
  const temporary = useTemporaryFolder();
  const openStore = () => new LocalStore(temporary.path("store"));

  /** A file of two leaves, pinned by reference or as a copy. */
  async function pinFile(name: string, byte: number, copy = false) {
    const folder = await temporary.write("model", { [name]: Buffer.alloc(MIB + 1, byte) });
    const path = join(folder, name);
    const { root, blocks } = await blocksOfFile(path);
    await new LocalStore(temporary.path("store"), { copy }).pin(root, blocks);
    return { path, root, blocks: blocks as [Block, Block, Block] };
  }

  const held = async (blocks: readonly Block[]) => {
    const store = openStore();
    return Promise.all(blocks.map(async ({ cid }) => store.has(cid)));
  };

  it("is found by all who ask at once, in a store that was just opened", async function () {
    const { blocks } = await pinFile("a.bin", 1);
    for (let round = 0; round < 20; round++) {
      const store = openStore();
      const asked = [...blocks, ...blocks, ...blocks].map(async ({ cid }, i) =>
        i % 2 === 0 ? store.has(cid) : (await store.get(cid)).length > 0,
      );
      expect(await Promise.all(asked)).to.not.include(false);
    }
  });

  describe("collectGarbage", function () {
    it("removes nothing that a pin reaches", async function () {
      const { blocks } = await pinFile("a.bin", 1);
      const copied = await pinFile("b.bin", 2, true);
      await openStore().pin(one.cid, [one]);
      expect(await collectGarbage(openStore())).to.deep.equal(NOTHING);
      expect(await held([...blocks, ...copied.blocks, one])).to.not.include(false);
    });

    it("removes what no pin reaches, and counts the same without removing", async function () {
      const referred = await pinFile("a.bin", 1);
      const copied = await pinFile("b.bin", 2, true);
      const kept = await pinFile("c.bin", 3);
      await openStore().pin(one.cid, [one, two]);
      for (const { root } of [referred, copied]) await openStore().parts.pins.remove(root);

      const nodes = referred.blocks[2].bytes.length + copied.blocks[2].bytes.length;
      const expected = { blocks: 5, bytes: MIB + 1 + nodes + two.bytes.length, references: 2, temporary: 0 };
      const store = openStore();
      expect(await collectGarbage(store, { dryRun: true })).to.deep.equal(expected);
      expect(await held([...referred.blocks, ...copied.blocks, two])).to.not.include(false);
      expect(await collectGarbage(store)).to.deep.equal(expected);
      expect(await held([...referred.blocks, ...copied.blocks, two])).to.not.include(true);
      expect(await held([...kept.blocks, one])).to.not.include(false);
      expect((await stat(referred.path)).size).to.equal(MIB + 1);
      expect(await collectGarbage(store)).to.deep.equal(NOTHING);
    });

    it("keeps a block that two pins share until both are gone", async function () {
      const first = await pinFile("a.bin", 1, true);
      const store = openStore();
      const leaf = first.blocks[0];
      await store.pin(leaf.cid, []);
      await store.parts.pins.remove(first.root);
      expect(await collectGarbage(store)).to.include({ blocks: 2 });
      expect(await store.has(leaf.cid)).to.equal(true);
      await store.parts.pins.remove(leaf.cid);
      expect(await collectGarbage(store)).to.include({ blocks: 1 });
      expect(await store.has(leaf.cid)).to.equal(false);
    });

    it("keeps exactly the blocks given where links are not followed", async function () {
      const { root, blocks } = await pinFile("a.bin", 1, true);
      const store = openStore();
      await store.parts.pins.remove(root);
      await store.pin(root, blocks.slice(2), { linksOnly: true });
      expect(await collectGarbage(store)).to.include({ blocks: 2 });
      expect(await held(blocks)).to.deep.equal([false, false, true]);
    });

    it("removes what killed processes left behind", async function () {
      await pinFile("a.bin", 1, true);
      const marker = `write-${process.pid}-${"0".repeat(16)}-11111111-1111-1111-1111-111111111111`;
      const store = openStore();
      const folder = join(store.parts.blocks.pathOf(one.cid), "..");
      await store.pin(one.cid, [one]);
      const name = ".model-provenance-11111111-1111-1111-1111-111111111111.tmp";
      for (const where of [folder, temporary.path("store/pins"), temporary.path("store/references")]) {
        await temporary.write(where.slice(temporary.path().length), { [name]: "half" });
      }
      await writeFile(join(folder, `${one.cid.toString()}.11111111-1111-1111-1111-111111111111.tmp`), "half");
      await writeFile(temporary.path("store/busy", marker.replace("0".repeat(16), await ownHost())), "");
      expect(await collectGarbage(store, { dryRun: true })).to.include({ temporary: 5 });
      expect(await collectGarbage(store)).to.deep.equal({ ...NOTHING, temporary: 5 });
      expect(await collectGarbage(store)).to.deep.equal(NOTHING);
    });

    /** How this machine is written in a marker: seen in one that is there during a pin. */
    async function ownHost(): Promise<string> {
      let host = "";
      async function* blocks() {
        const [name] = await readdir(temporary.path("store/busy"));
        host = name?.split("-")[2] as string;
        yield one;
      }
      await openStore().pin(one.cid, blocks());
      return host;
    }

    it("waits for nobody: not while blocks are written, and nothing is written during it", async function () {
      const store = openStore();
      async function* sweeping() {
        yield one;
        expect(await errorCode(() => collectGarbage(openStore()))).to.equal("STORE_FAILED");
        yield two;
      }
      await store.pin(one.cid, sweeping());
      expect(await held([one, two])).to.deep.equal([true, true]);
      await store.parts.busy.during("sweep", async () => {
        expect(await errorCode(() => store.pin(two.cid, [two]))).to.equal("STORE_FAILED");
        expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_FAILED");
      });
      await store.pin(two.cid, [two]);
      expect(await readdir(temporary.path("store/busy"))).to.deep.equal([]);
    });

    it("takes a marker of another machine for one that lives", async function () {
      const store = openStore();
      await store.pin(one.cid, [one]);
      const marker = `write-1-${"0".repeat(16)}-11111111-1111-1111-1111-111111111111`;
      await writeFile(temporary.path("store/busy", marker), "");
      expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_FAILED");
      await store.pin(two.cid, [two]);
    });

    it("removes nothing where a node below a pin is damaged or a pin cannot be read", async function () {
      const { blocks } = await pinFile("a.bin", 1, true);
      const store = openStore();
      await store.pin(one.cid, [one, two]);
      await writeFile(store.parts.blocks.pathOf(blocks[2].cid), "junk");
      expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_BLOCK_CORRUPT");
      await rm(store.parts.blocks.pathOf(blocks[2].cid));
      expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_BLOCK_MISSING");
      await writeFile(temporary.path("store/pins", one.cid.toString()), "{}");
      expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_FAILED");
      expect(await held([blocks[0], blocks[1], two])).to.not.include(false);
    });

    it("does not empty a store that was made before pins were recorded", async function () {
      const store = openStore();
      await store.pin(one.cid, [one]);
      await rm(temporary.path("store/pins"), { recursive: true });
      expect(await errorCode(() => collectGarbage(store))).to.equal("STORE_FAILED");
      expect(await store.has(one.cid)).to.equal(true);
    });
  });

  describe("checkStore", function () {
    it("hashes everything and finds nothing wrong", async function () {
      await pinFile("a.bin", 1);
      await pinFile("b.bin", 2, true);
      let bytes = 0;
      const report = await checkStore(openStore(), { onBytes: (more) => (bytes += more) });
      expect(report).to.include({ blocks: 4, references: 2, pins: 2 });
      expect(report).to.deep.include({ faults: [], spare: [] });
      expect(report.bytes)
        .to.equal(bytes)
        .and.to.be.above(2 * MIB);
    });

    it("names what is damaged, missing or changed, and the pin that needs it", async function () {
      const referred = await pinFile("a.bin", 1);
      const copied = await pinFile("b.bin", 2, true);
      const store = openStore();
      const [leaf, rest] = copied.blocks;
      await truncate(store.parts.blocks.pathOf(leaf.cid), 5);
      await rm(store.parts.blocks.pathOf(rest.cid));
      await truncate(referred.path, MIB);
      const { faults } = await checkStore(store);
      const found = faults.map(({ cid, pins, reason }) => [String(cid), pins.join(), reason] as const);
      expect(found.map(([cid, pins]) => [cid, pins])).to.have.deep.members([
        [leaf.cid.toString(), copied.root.toString()],
        [rest.cid.toString(), copied.root.toString()],
        [referred.blocks[1].cid.toString(), referred.root.toString()],
      ]);
      expect(found.find(([cid]) => cid === referred.blocks[1].cid.toString())?.[2]).to.include(referred.path);
      expect(found.find(([cid]) => cid === leaf.cid.toString())?.[2]).to.include(leaf.cid.toString());
    });

    it("finds a damaged block that no pin needs, and one that is intact elsewhere", async function () {
      const store = openStore();
      await store.pin(one.cid, [one, two]);
      await writeFile(store.parts.blocks.pathOf(two.cid), "junk");
      const referred = await pinFile("a.bin", 1);
      const again = await pinFile("again.bin", 1);
      await rm(again.path);
      const { faults, spare } = await checkStore(store);
      expect(faults.map(({ cid, pins }) => [String(cid), pins.length])).to.deep.equal([[two.cid.toString(), 0]]);
      expect(spare.map(({ cid }) => String(cid))).to.have.members(
        referred.blocks.slice(0, 2).map(({ cid }) => cid.toString()),
      );
    });

    it("names a damaged file of references, and gc removes it once the model is pinned again", async function () {
      const { root, blocks } = await pinFile("a.bin", 1);
      const [name] = await readdir(temporary.path("store/references"));
      await truncate(temporary.path("store/references", name as string), 100);
      const { faults } = await checkStore(openStore());
      expect(faults.map(({ reason }) => reason).join()).to.include(name);
      expect(faults).to.have.length(3);
      const store = openStore();
      await store.pin(root, blocks);
      await collectGarbage(store);
      expect((await checkStore(openStore())).faults).to.deep.equal([]);
    });
  });

  describe("listPins", function () {
    it("says what each root is and how large", async function () {
      const file = await pinFile("a.bin", 1);
      const store = openStore();
      await store.pin(one.cid, [one]);
      await store.pin(two.cid, [two], { linksOnly: true });
      await rm(store.parts.blocks.pathOf(two.cid));
      expect(await listPins(store)).to.have.deep.members([
        { root: file.root, kind: "file", linksOnly: false, size: MIB + 1 + file.blocks[2].bytes.length },
        { root: one.cid, kind: "block", linksOnly: false, size: 3 },
        { root: two.cid, kind: "unreadable", linksOnly: true },
      ]);
      expect(await listPins(new LocalStore(temporary.path("none")))).to.deep.equal([]);
    });
  });
});
