import { CarReader } from "@ipld/car";
import { expect } from "chai";
import type { CID } from "multiformats/cid";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { buildUnixfsFolder } from "../../../../src/content/unixfs/unixfs-folder.ts";
import { blocksOfFolder } from "../../../helpers/folder-blocks.ts";
import { startGateway } from "../../../helpers/own-gateway.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = {
  "config.json": Buffer.from("{}"),
  "sub/weights.bin": Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("the rest")]),
};

describe("gateway, archives", function () {
  const temporary = useTemporaryFolder();
  let store: LocalStore;
  let url: string;
  let close: () => Promise<void>;

  beforeEach(async function () {
    store = new LocalStore(temporary.path("store"));
    ({ url, close } = await startGateway(store));
  });
  afterEach(async () => close());

  async function pinFolder() {
    const { root, blocks } = await blocksOfFolder(await temporary.write("model", FILES), Object.keys(FILES));
    await store.pin(root, blocks);
    // Files in order: the leaf of config.json, three leaves of the weights and their root, then the folders.
    const [config, first, second, rest, weights, sub] = blocks.map(({ cid }) => cid.toString()) as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    return { root, blocks, config, first, second, rest, weights, sub };
  }

  async function ask(path: string) {
    const response = await fetch(`${url}/ipfs/${path}`, { headers: { accept: "application/vnd.ipld.car" } });
    expect(response.status).to.equal(200);
    expect(response.headers.get("content-type")).to.equal("application/vnd.ipld.car; version=1; order=dfs; dups=n");
    const car = await CarReader.fromBytes(new Uint8Array(await response.arrayBuffer()));
    const cids: string[] = [];
    for await (const { cid } of car.blocks()) cids.push(cid.toString());
    return { roots: (await car.getRoots()).map(String), cids, etag: response.headers.get("etag") };
  }

  it("hold a root and all below it, each block once, a node before what it links", async function () {
    const { root, blocks, config, sub, weights, first, second, rest } = await pinFolder();
    const { roots, cids } = await ask(root.toString());
    expect(roots).to.deep.equal([root.toString()]);
    expect(cids).to.deep.equal([root.toString(), config, sub, weights, first, second, rest]);
    expect(cids).to.have.members(blocks.map(({ cid }) => cid.toString()));
  });

  it("hold the way to where a path leads", async function () {
    const { root, sub, weights, first, second, rest } = await pinFolder();
    expect((await ask(`${root.toString()}/sub/weights.bin`)).cids).to.deep.equal([
      root.toString(),
      sub,
      weights,
      first,
      second,
      rest,
    ]);
  });

  it("hold what the scope says", async function () {
    const { root, sub, weights, first, second, rest } = await pinFolder();
    const way = [root.toString(), sub];
    const path = `${root.toString()}/sub`;
    expect((await ask(`${path}?dag-scope=block`)).cids).to.deep.equal(way);
    expect((await ask(`${path}?dag-scope=entity`)).cids).to.deep.equal(way);
    expect((await ask(`${path}/weights.bin?dag-scope=block`)).cids).to.deep.equal([...way, weights]);
    expect((await ask(`${path}/weights.bin?dag-scope=entity`)).cids).to.deep.equal([
      ...way,
      weights,
      first,
      second,
      rest,
    ]);
    const tags = await Promise.all(
      ["block", "entity", "all"].map(async (scope) => (await ask(`${path}?dag-scope=${scope}`)).etag),
    );
    expect(new Set(tags).size).to.equal(3);
  });

  for (const [range, names] of [
    ["0:0", ["first"]],
    [`${MIB - 1}:${MIB}`, ["first", "second"]],
    [`${MIB}:*`, ["second", "rest"]],
    ["-1:*", ["rest"]],
    ["-9:-8", ["second", "rest"]],
    ["0:*", ["first", "second", "rest"]],
  ] as const) {
    it(`hold the bytes of a file that were asked for: ${range}`, async function () {
      const folder = await pinFolder();
      const { cids } = await ask(`${folder.root.toString()}/sub/weights.bin?entity-bytes=${range}`);
      expect(cids).to.deep.equal([
        folder.root.toString(),
        folder.sub,
        folder.weights,
        ...names.map((name) => folder[name]),
      ]);
    });
  }

  it("hold the shards of a large folder on the way to one file, and all of them where the folder is asked for", async function () {
    const leaves = Array.from({ length: 6000 }, (_, i) => rawBlock(Buffer.from(`content ${i}`)));
    const entries = leaves.map(
      ({ cid, bytes }, i) => [`model-${i}-of-06000.safetensors`, { cid, dagSize: bytes.length }] as const,
    );
    const shards: Block[] = [];
    const build = buildUnixfsFolder(entries);
    let root: CID;
    for (;;) {
      const { value, done } = build.next();
      if (done) {
        root = value.cid;
        break;
      }
      shards.push(value);
    }
    const wanted = leaves.slice(0, 2);
    await store.pin(root, [...shards, ...wanted], { linksOnly: true });
    const name = `${root.toString()}/model-1-of-06000.safetensors`;
    const { cids } = await ask(name);
    expect(cids.length).to.be.within(3, 5);
    expect(cids[0]).to.equal(root.toString());
    expect(cids.at(-1)).to.equal((leaves[1] as Block).cid.toString());
    expect(await (await fetch(`${url}/ipfs/${name}`)).text()).to.equal("content 1");
    const folder = await ask(`${root.toString()}?dag-scope=entity`);
    expect(folder.cids).to.have.members(shards.map(({ cid }) => cid.toString()));
    const page = await (await fetch(`${url}/ipfs/${root.toString()}`)).text();
    expect(page.match(/<li>/g)).to.have.length(6000);
  });

  it("break off where a block is missing, and are not begun without their root", async function () {
    const { root, blocks, second } = await pinFolder();
    const response = await fetch(`${url}/ipfs/${rawBlock(Buffer.from("x")).cid.toString()}?format=car`);
    expect(response.status).to.equal(404);
    const partial = new LocalStore(temporary.path("partial"), { copy: true });
    await partial.pin(
      root,
      blocks.filter(({ cid }) => cid.toString() !== second),
      { linksOnly: true },
    );
    const other = await startGateway(partial);
    try {
      const broken = await other.ask(`/ipfs/${root.toString()}?format=car`).then(
        () => "whole",
        () => "broken off",
      );
      expect(broken).to.equal("broken off");
    } finally {
      await other.close();
    }
  });
});
