import { appendFile, readFile, readdir, rename, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import * as fc from "fast-check";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import {
  type DigestReference,
  ReferenceFile,
  encodeReferences,
} from "../../../../src/content/stores/local/reference-file.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { blocksOfFile } from "../../../helpers/file-blocks.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

describe("LocalStore, by reference", function () {
  const temporary = useTemporaryFolder();
  const openStore = () => new LocalStore(temporary.path("store"));

  /** A file of 2 MiB and a bit, pinned; its leaves differ. */
  async function pinned(options: { copy?: boolean } = {}) {
    const content = Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("rest")]);
    const path = join(await temporary.write("model", { "weights.bin": content }), "weights.bin");
    const { root, blocks } = await blocksOfFile(path);
    await new LocalStore(temporary.path("store"), options).pin(root, blocks);
    const leaves = blocks.filter(({ origin }) => origin) as [Block, Block, Block];
    return { path, content, root, blocks, leaves };
  }

  const message = async (action: () => Promise<unknown>) => {
    const error = await action().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(ProvenanceError);
    return (error as ProvenanceError).message;
  };

  it("copies nothing and gives back every block, also from a store opened later", async function () {
    const { blocks } = await pinned();
    const store = openStore();
    for (const { cid, bytes } of blocks) {
      expect(await store.has(cid)).to.equal(true);
      expect(Buffer.from(bytes).equals(await store.get(cid))).to.equal(true);
    }
    const entries = await readdir(temporary.path("store"), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
    expect(sizes.reduce((sum, size) => sum + size)).to.be.below(4096);
  });

  it("sees what another process pinned since", async function () {
    const store = openStore();
    expect(await store.has(rawBlock(Buffer.alloc(MIB, 1)).cid)).to.equal(false);
    const { leaves } = await pinned();
    expect(await store.has(leaves[0].cid)).to.equal(true);
    expect(await store.get(leaves[1].cid)).to.have.length(MIB);
  });

  it("copies where that is asked for, and needs the file no more", async function () {
    const { path, blocks } = await pinned({ copy: true });
    await rm(path);
    for (const { cid, bytes } of blocks) expect(Buffer.from(bytes).equals(await openStore().get(cid))).to.equal(true);
  });

  it("names the file that is gone", async function () {
    const { path, leaves } = await pinned();
    await rm(path);
    expect(await openStore().has(leaves[0].cid)).to.equal(false);
    expect(await errorCode(() => openStore().get(leaves[0].cid))).to.equal("STORE_BLOCK_MISSING");
    expect(await message(() => openStore().get(leaves[0].cid))).to.include(path);
  });

  const changes: Record<string, (path: string) => Promise<void>> = {
    "written over": async (path) => writeFile(path, Buffer.alloc(2 * MIB + 4, 9)),
    "cut short": async (path) => writeFile(path, "short"),
    emptied: async (path) => writeFile(path, ""),
    "put in its place": async (path) => {
      await writeFile(`${path}.new`, Buffer.alloc(2 * MIB + 4, 9));
      await rename(`${path}.new`, path);
    },
  };
  for (const [how, change] of Object.entries(changes)) {
    it(`names the file that changed: ${how}`, async function () {
      const { path, leaves } = await pinned();
      await change(path);
      for (const { cid } of leaves) {
        expect(await openStore().has(cid)).to.equal(false);
        expect(await errorCode(() => openStore().get(cid))).to.equal("STORE_BLOCK_CORRUPT");
        expect(await message(() => openStore().get(cid)))
          .to.include(path)
          .and.to.include("changed since it was pinned");
      }
    });
  }

  it("tells a disk that decays from a file that was written to", async function () {
    const { path, leaves } = await pinned();
    const { atime, mtime } = await stat(path);
    await utimes(path, atime, new Date(Math.floor(mtime.getTime() / 1000) * 1000)); // whole seconds can be set again
    await rm(temporary.path("store"), { recursive: true });
    const { root, blocks } = await blocksOfFile(path);
    await openStore().pin(root, blocks);
    const times = await stat(path);
    const content = await readFile(path);
    content[MIB + 5] = 0;
    await writeFile(path, content);
    await utimes(path, times.atime, times.mtime);
    expect(await message(() => openStore().get(leaves[1].cid))).to.include("bytes 1048576-2097151 were damaged");
    expect(await openStore().get(leaves[0].cid)).to.have.length(MIB);
  });

  it("still serves a file that was only touched, or copied back", async function () {
    const { path, content, leaves } = await pinned();
    await utimes(path, 1, 1);
    expect(await openStore().has(leaves[2].cid)).to.equal(true);
    await rm(path);
    await writeFile(path, content);
    expect(Buffer.from(await openStore().get(leaves[2].cid)).toString()).to.equal("rest");
  });

  it("does not follow a link that came in the file's place", async function () {
    const { path, leaves } = await pinned();
    await rename(path, temporary.path("elsewhere"));
    await symlink(temporary.path("elsewhere"), path);
    expect(await errorCode(() => openStore().get(leaves[0].cid))).to.equal("STORE_BLOCK_MISSING");
  });

  it("reads a block from another file that holds it", async function () {
    const { path, content, leaves } = await pinned();
    const other = join(await temporary.write("other", { "weights.bin": content }), "weights.bin");
    const { root, blocks } = await blocksOfFile(other);
    await openStore().pin(root, blocks);
    await rm(path);
    expect(await openStore().has(leaves[0].cid)).to.equal(true);
    expect(await openStore().get(leaves[0].cid)).to.have.length(MIB);
  });

  it("writes no second reference for the same pin", async function () {
    const { root, blocks } = await pinned();
    const before = await readdir(temporary.path("store", "references"));
    await openStore().pin(root, blocks);
    expect(await readdir(temporary.path("store", "references"))).to.deep.equal(before);
  });

  it("refuses to pin a file that changes meanwhile, and pins nothing", async function () {
    const path = join(await temporary.write("model", { "weights.bin": Buffer.alloc(MIB + 1, 1) }), "weights.bin");
    const { root, blocks } = await blocksOfFile(path);
    async function* changing() {
      for (const block of blocks) {
        yield block;
        await appendFile(path, "x");
      }
    }
    const store = openStore();
    expect(await errorCode(() => store.pin(root, changing()))).to.equal("MODEL_CHANGED");
    expect(await store.parts.pins.list()).to.deep.equal([]);
    await rm(path);
    expect(await errorCode(() => store.pin(root, blocks))).to.equal("MODEL_CHANGED");
  });

  it("refuses a pin that lacks a block, and takes one whose rest is here already", async function () {
    const path = join(await temporary.write("model", { "weights.bin": Buffer.alloc(MIB + 1, 1) }), "weights.bin");
    const { root, blocks } = await blocksOfFile(path);
    const store = openStore();
    expect(await errorCode(() => store.pin(root, blocks.slice(1)))).to.equal("STORE_BLOCK_MISSING");
    expect(await store.parts.pins.list()).to.deep.equal([]);
    await store.pin(root, blocks.slice(2), { linksOnly: true });
    expect((await store.parts.pins.list()).map((pin) => pin.blocks?.length)).to.deep.equal([1]);
    expect(await errorCode(() => store.pin(root, []))).to.equal("STORE_BLOCK_MISSING");
    await store.pin(root, blocks.slice(0, 1)); // the other leaf came with the first attempt
    expect((await store.parts.pins.list()).map((pin) => pin.blocks)).to.deep.equal([undefined]);
  });

  describe("ReferenceFile", function () {
    const file = fc.record({
      path: fc.string({ minLength: 1 }),
      size: fc.nat(),
      mtimeNs: fc.bigInt({ min: 0n, max: 2n ** 63n }),
      ino: fc.bigInt({ min: 0n, max: 2n ** 64n }),
    });
    const references = fc.array(file, { minLength: 1, maxLength: 3 }).chain((files) =>
      fc.array(
        fc.record({
          file: fc.constantFrom(...files),
          digest: fc.uint8Array({ minLength: 32, maxLength: 32 }),
          offset: fc.maxSafeNat(),
          length: fc.nat({ max: 2 * MIB }),
        }),
        { maxLength: 40 },
      ),
    );

    it("finds every reference by its digest, and no other", function () {
      fc.assert(
        fc.property(references, fc.uint8Array({ minLength: 32, maxLength: 32 }), (all, other) => {
          const read = new ReferenceFile(Buffer.from(encodeReferences(all)));
          expect(read.count).to.equal(all.length);
          for (const { digest, ...reference } of all) {
            const found = [...read.find(digest)].map(withoutDigest);
            expect(found).to.deep.include(reference);
          }
          const isOther = !all.some(({ digest }) => Buffer.from(digest).equals(other));
          if (isOther) expect([...read.find(other)]).to.deep.equal([]);
        }),
      );
    });

    it("refuses bytes that are none, whatever they are", function () {
      const cut = fc.tuple(references, fc.nat(), fc.nat({ max: 255 })).map(([all, at, byte]) => {
        const bytes = Buffer.from(encodeReferences(all));
        bytes[at % bytes.length] = byte;
        return bytes.subarray(0, bytes.length - (at % 3));
      });
      fc.assert(
        fc.property(fc.oneof(fc.uint8Array(), cut), (bytes) => {
          let read: ReferenceFile;
          try {
            read = new ReferenceFile(Buffer.from(bytes));
          } catch (error) {
            expect(error).to.be.instanceOf(Error);
            return;
          }
          for (const { file, length } of read) {
            expect(file.path).to.be.a("string");
            expect(length).to.be.at.most(2 * MIB);
          }
        }),
      );
    });
  });
});

function withoutDigest({ file, offset, length }: Omit<DigestReference, "digest">) {
  return { file, offset, length };
}
