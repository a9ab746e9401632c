import { appendFile, readFile, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { ProvenanceError } from "../../../src/base/errors.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { readModelContent } from "../../../src/model/model-content.ts";
import { linkWithContent } from "../../../src/publish/pin-model.ts";
import { allBlocksOf } from "../../../src/metadata/manifest-entry.ts";
import { type Block, bytesMatchCid } from "../../../src/content/cid.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const leaf = (byte: number, size = MIB) => Buffer.alloc(size, byte);
const FILES = {
  "config.json": Buffer.from("{}"),
  empty: Buffer.alloc(0),
  "exact.bin": Buffer.concat([leaf(1), leaf(2)]),
  "large.bin": Buffer.concat([...Array.from({ length: 9 }, (_, i) => leaf(i + 10)), Buffer.from("rest")]),
  "sub/same.bin": Buffer.concat([leaf(1), leaf(1), leaf(1)]),
};

describe("the content of a model", function () {
  const temporary = useTemporaryFolder();

  async function collect(blocks: AsyncIterable<Block> | Iterable<Block>): Promise<Block[]> {
    const list: Block[] = [];
    for await (const block of blocks) list.push(block);
    return list;
  }

  async function hashed(files: Readonly<Record<string, Buffer>> = FILES) {
    const folder = await temporary.write("model", files);
    const model = await hashModel(folder, { withCid: true });
    return { folder, model, content: readModelContent(model) as AsyncIterable<Block> };
  }

  it("is read as it lies there, and says where each block stands", async function () {
    const { folder, content } = await hashed();
    const byFile = new Map<string, Buffer[]>();
    for (const { cid, bytes, origin } of await collect(content)) {
      expect(bytesMatchCid(cid, bytes)).to.equal(true);
      const { path, offset } = origin as { path: string; offset: number };
      const parts = byFile.get(path) ?? [];
      expect(offset).to.equal(Buffer.concat(parts).length);
      byFile.set(path, [...parts, Buffer.from(bytes)]);
    }
    expect([...byFile.keys()]).to.deep.equal(Object.keys(FILES).map((name) => join(folder, name)));
    for (const [name, file] of Object.entries(FILES)) {
      expect(Buffer.concat(byFile.get(join(folder, name)) ?? []).equals(file), name).to.equal(true);
    }
  });

  it("is read anew each time, and only as far as it is asked for", async function () {
    const { content } = await hashed();
    for await (const { bytes } of content) {
      expect(Buffer.from(bytes).toString()).to.equal("{}");
      break;
    }
    expect(await collect(content)).to.deep.equal(await collect(content));
  });

  it("makes a whole DAG with its links, which a store pins without a copy", async function () {
    const { folder, model } = await hashed();
    const { links } = linkWithContent(model);
    expect(links.linksOnly).to.equal(undefined);
    expect((await collect(allBlocksOf(links)))[0]?.cid.toString()).to.equal(model.cid);
    const store = new LocalStore(temporary.path("store"));
    await store.pin(links.root, allBlocksOf(links));
    expect(
      await store.parts.blocks.sizeOf((await collect(links.content as AsyncIterable<Block>))[2]?.cid as never),
    ).to.equal(undefined);
    await rm(folder, { recursive: true });
    const copied = new LocalStore(temporary.path("copied"), { copy: true });
    await temporary.write("model", FILES);
    await copied.pin(links.root, allBlocksOf(links));
    await rm(folder, { recursive: true });
    for (const { cid } of links.blocks) expect(await copied.has(cid)).to.equal(true);
  });

  it("of a model of one file is that file", async function () {
    for (const [name, content] of [
      ["small.bin", Buffer.from("x")],
      ["big.bin", leaf(1, MIB + 1)],
    ] as const) {
      const folder = await temporary.write("one", { [name]: content });
      const model = await hashModel(join(folder, name), { withCid: true });
      const { links } = linkWithContent(model);
      const store = new LocalStore(temporary.path(`store-${name}`));
      await store.pin(links.root, allBlocksOf(links));
      expect(await store.has(links.root)).to.equal(true);
    }
  });

  it("is there only where the model was hashed with its CID", async function () {
    const model = await hashModel(await temporary.write("model", FILES));
    expect(readModelContent(model)).to.equal(undefined);
    expect(() => linkWithContent(model)).to.throw(TypeError);
  });

  const changes: Record<string, (path: string) => Promise<unknown>> = {
    "written over": async (path) => writeFile(path, Buffer.alloc(9 * MIB + 4)),
    "changed in one byte": async (path) => {
      const content = await readFile(path);
      content[5 * MIB] = 0;
      await writeFile(path, content);
    },
    grown: async (path) => appendFile(path, "x"),
    "cut short": async (path) => truncate(path, 9 * MIB),
    emptied: async (path) => truncate(path, 0),
  };
  for (const [how, change] of Object.entries(changes)) {
    it(`names the file that changed since it was hashed: ${how}`, async function () {
      const { folder, content } = await hashed();
      await change(join(folder, "large.bin"));
      const error = await collect(content).then(
        () => undefined,
        (error: unknown) => error as ProvenanceError,
      );
      expect(error?.code).to.equal("MODEL_CHANGED");
      expect(error?.message).to.include(join(folder, "large.bin"));
    });
  }

  it("names the file that is gone, or another thing by now", async function () {
    const { folder, content } = await hashed();
    const path = join(folder, "exact.bin");
    await rename(path, `${path}.moved`);
    for (const replace of [async () => undefined, async () => symlink(`${path}.moved`, path)]) {
      await replace();
      const error = await collect(content).then(
        () => undefined,
        (error: unknown) => error as ProvenanceError,
      );
      expect(error?.code).to.equal("MODEL_UNREADABLE");
      expect(error?.message).to.include(path);
    }
  });
});
