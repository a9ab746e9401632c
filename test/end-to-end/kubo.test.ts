import { CarReader } from "@ipld/car";
import { expect } from "chai";
import { ProvenanceError } from "../../src/base/errors.ts";
import { rawBlock } from "../../src/content/cid.ts";
import { KuboStore } from "../../src/content/stores/kubo/kubo-store.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { errorCode } from "../helpers/error-code.ts";
import { blocksOfFolder } from "../helpers/folder-blocks.ts";
import { IPFS, type KuboDaemon, startKubo } from "../helpers/kubo-daemon.ts";
import { startGateway } from "../helpers/own-gateway.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const FILES = {
  "config.json": Buffer.from("{}"),
  "weights.bin": Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("rest")]),
  "shards/a.bin": Buffer.alloc(MIB + 1, 3),
};

const SCOPES = ["block", "entity", "all"].map((scope) => `?format=car&dag-scope=${scope}`);

describe("KuboStore beside a Kubo node", function () {
  const temporary = useTemporaryFolder();
  let node: KuboDaemon;

  before(async function () {
    if (IPFS === undefined) {
      console.log("    skipped: there is no ipfs on the PATH (go install github.com/ipfs/kubo/cmd/ipfs)");
      this.skip();
    }
    this.timeout(120_000);
    node = await startKubo();
  });
  after(async function () {
    if (IPFS !== undefined) await node.stop();
  });

  const openStore = () => new KuboStore({ apiUrl: node.apiUrl });
  const pins = (type: string) =>
    node
      .run("pin", "ls", `--type=${type}`, "--quiet")
      .split("\n")
      .filter((line) => line !== "");

  async function makeFolder(files: Readonly<Record<string, Buffer>> = FILES) {
    const folder = await temporary.write("model", files);
    return { folder, ...(await blocksOfFolder(folder, Object.keys(files))) };
  }

  it("pins metadata, and gives it back", async function () {
    const block = rawBlock(Buffer.from(JSON.stringify({ name: "a model" })));
    const store = openStore();
    expect(await store.has(block.cid)).to.equal(false);
    expect(await errorCode(() => store.get(block.cid))).to.equal("STORE_BLOCK_MISSING");
    await store.pin(block.cid, [block]);
    expect(await store.has(block.cid)).to.equal(true);
    expect(Buffer.from(await store.get(block.cid)).equals(block.bytes)).to.equal(true);
    expect(pins("recursive")).to.include(block.cid.toString());
    const served = await fetch(`${node.gatewayUrl}/ipfs/${block.cid.toString()}?format=raw`);
    expect(Buffer.from(await served.arrayBuffer()).equals(block.bytes)).to.equal(true);
  });

  it("pins a folder under the CID that the node itself would give it", async function () {
    const { folder, root, blocks } = await makeFolder();
    await openStore().pin(root, blocks);
    expect(pins("recursive")).to.include(root.toString());
    for (const [name, content] of Object.entries(FILES)) {
      const served = await fetch(`${node.gatewayUrl}/ipfs/${root.toString()}/${name}`);
      expect(Buffer.from(await served.arrayBuffer()).equals(content), name).to.equal(true);
    }
    const profile = ["--cid-version=1", "--raw-leaves", "--chunker=size-1048576", "--max-file-links=1024"];
    expect(node.run("add", "--only-hash", "-Q", "-r", ...profile, folder).trim()).to.equal(root.toString());
    expect(node.run("pin", "verify")).to.equal("");
  });

  it("pins the links of a folder without its content, which stays after a collection", async function () {
    const { root, blocks } = await makeFolder({
      "links.bin": Buffer.alloc(3 * MIB, 7),
      "b.bin": Buffer.alloc(MIB + 1, 8),
    });
    const links = blocks.filter(({ origin }) => origin === undefined);
    const store = openStore();
    await store.pin(root, links, { linksOnly: true });
    node.run("repo", "gc");
    for (const { cid, bytes } of links) {
      expect(pins("direct")).to.include(cid.toString());
      expect(Buffer.from(await store.get(cid)).equals(bytes)).to.equal(true);
    }
    for (const { cid } of blocks.filter(({ origin }) => origin)) expect(await store.has(cid)).to.equal(false);
    await store.pin(root, blocks);
    expect(pins("recursive")).to.include(root.toString());
    await store.pin(root, links, { linksOnly: true });
    expect(pins("recursive")).to.include(root.toString());
  });

  it("does not take a folder that lacks a block for pinned", async function () {
    const { root, blocks } = await makeFolder({ "lacking.bin": Buffer.alloc(MIB + 1, 9) });
    expect(await errorCode(() => openStore().pin(root, blocks.slice(1)))).to.equal("STORE_FAILED");
    expect(pins("recursive")).to.not.include(root.toString());
  });

  it("leaves nothing pinned where the blocks break off", async function () {
    const { root, blocks } = await makeFolder({ "broken.bin": Buffer.alloc(2 * MIB + 1, 11) });
    function* breaking() {
      yield* blocks.slice(0, 1);
      throw new ProvenanceError("MODEL_CHANGED", "broken.bin changed");
    }
    expect(await errorCode(() => openStore().pin(root, breaking()))).to.equal("MODEL_CHANGED");
    expect(pins("recursive")).to.not.include(root.toString());
  });

  it("is served here as the node serves it", async function () {
    const { root, blocks } = await makeFolder();
    await openStore().pin(root, blocks);
    const local = new LocalStore(temporary.path("store"));
    await local.pin(root, blocks);
    const { url: ours, close } = await startGateway(local);
    try {
      const folder = root.toString();
      for (const path of [folder, `${folder}/weights.bin`, `${folder}/shards`, `${folder}/shards/a.bin`]) {
        for (const query of ["?format=raw", "?format=car", ...SCOPES, "?format=car&entity-bytes=1048575:1048576"]) {
          const asked = `/ipfs/${path}${query}`;
          if (path.endsWith("shards") && query.includes("entity-bytes")) continue; // a folder has no bytes
          const [here, there] = await Promise.all([fetch(ours + asked), fetch(node.gatewayUrl + asked)]);
          expect(here.status, asked).to.equal(there.status);
          const [found, expected] = [await contentOf(here), await contentOf(there)];
          // The node reads ahead of the bytes that were asked for, and sends that too.
          if (query.includes("entity-bytes")) expect(expected, asked).to.include.members([...found]);
          else expect(found, asked).to.deep.equal(expected);
        }
      }
      const range = { headers: { range: "bytes=1048570-1048580" } };
      const asked = `/ipfs/${folder}/weights.bin`;
      const [here, there] = await Promise.all([fetch(ours + asked, range), fetch(node.gatewayUrl + asked, range)]);
      expect([here.status, here.headers.get("content-range")]).to.deep.equal([206, there.headers.get("content-range")]);
      expect(await contentOf(here)).to.deep.equal(await contentOf(there));
    } finally {
      await close();
    }
  });

  for (const [secret, wrong] of [
    ["bearer:a-token", "bearer:another"],
    ["basic:me:pass:word", "basic:me:password"],
  ] as const) {
    it(`is let in by ${secret.split(":")[0]} alone`, async function () {
      this.timeout(120_000);
      const guarded = await startKubo({ secret });
      try {
        const block = rawBlock(Buffer.from("guarded"));
        for (const auth of [undefined, wrong]) {
          const store = new KuboStore({ apiUrl: guarded.apiUrl, ...(auth && { auth }) });
          expect(await errorCode(() => store.pin(block.cid, [block]))).to.equal("STORE_REFUSED");
        }
        const store = new KuboStore({ apiUrl: guarded.apiUrl, auth: secret });
        await store.pin(block.cid, [block]);
        expect(await store.has(block.cid)).to.equal(true);
      } finally {
        await guarded.stop();
      }
    });
  }
});

/** The bytes, or of an archive the CIDs of its blocks. */
async function contentOf(response: Response): Promise<readonly string[]> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (!response.headers.get("content-type")?.startsWith("application/vnd.ipld.car")) {
    return [Buffer.from(bytes).toString("hex")];
  }
  const cids: string[] = [];
  for await (const { cid } of (await CarReader.fromBytes(bytes)).blocks()) cids.push(cid.toString());
  return cids.sort();
}
