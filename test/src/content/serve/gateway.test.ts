import { rm, truncate } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { LocalStore } from "../../../../src/content/stores/local/local-store.ts";
import { blocksOfFolder } from "../../../helpers/folder-blocks.ts";
import { type OwnGateway, startGateway } from "../../../helpers/own-gateway.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;
const WEIGHTS = Buffer.concat([Buffer.alloc(MIB, 1), Buffer.alloc(MIB, 2), Buffer.from("the rest")]);
const FILES = {
  "README.md": Buffer.from("# A model"),
  "config.json": Buffer.from("{}"),
  "weights.bin": WEIGHTS,
  "sub/page.html": Buffer.from("<script>alert(1)</script>"),
  "sub/card.svg": Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
  "sub/名前 <b>.txt": Buffer.from("text"),
  "sub/empty": Buffer.alloc(0),
};
const metadata = rawBlock(Buffer.from(JSON.stringify({ name: "a model" })));

describe("gateway", function () {
  const temporary = useTemporaryFolder();
  let gateway: OwnGateway;
  let root: string;
  let blocks: readonly Block[];

  beforeEach(async function () {
    const folder = await temporary.write("model", FILES);
    const made = await blocksOfFolder(folder, Object.keys(FILES));
    blocks = made.blocks;
    root = made.root.toString();
    const store = new LocalStore(temporary.path("store"));
    await store.pin(made.root, blocks);
    await store.pin(metadata.cid, [metadata]);
    gateway = await startGateway(store);
  });
  afterEach(async () => gateway.close());

  const ask: OwnGateway["ask"] = async (...args) => gateway.ask(...args);
  const leaf = () => blocks.find(({ bytes }) => bytes.length === MIB) as Block;

  describe("a block", function () {
    for (const [how, query, headers] of [
      ["by its format", "?format=raw", {}],
      ["by what is accepted", "", { accept: "application/vnd.ipld.raw" }],
      ["by what is preferred", "", { accept: "*/*;q=0.1, application/vnd.ipld.raw" }],
      ["by its format first", "?format=raw", { accept: "application/vnd.ipld.car" }],
    ] as const) {
      it(`is given ${how}`, async function () {
        const cid = leaf().cid.toString();
        const { status, headers: about, body } = await ask(`/ipfs/${cid}${query}`, headers);
        expect(status).to.equal(200);
        expect(body.equals(leaf().bytes)).to.equal(true);
        expect(about).to.include({
          "content-type": "application/vnd.ipld.raw",
          "content-length": String(MIB),
          "cache-control": "public, max-age=29030400, immutable",
          etag: `"${cid}.raw"`,
          "x-content-type-options": "nosniff",
          "access-control-allow-origin": "*",
          "x-ipfs-path": `/ipfs/${cid}`,
        });
        expect(about["content-disposition"]).to.match(/^attachment; filename="bafk\w+\.bin"/);
      });
    }

    it("is given by a path to it, and described to HEAD", async function () {
      const { body } = await ask(`/ipfs/${root}/config.json?format=raw`);
      expect(body.toString()).to.equal("{}");
      const head = await ask(`/ipfs/${root}/config.json?format=raw`, {}, "HEAD");
      expect(head.body).to.have.length(0);
      expect(head.headers).to.include({ "content-length": "2", "content-type": "application/vnd.ipld.raw" });
    });

    it("is not sent again to whoever has it", async function () {
      const path = `/ipfs/${metadata.cid.toString()}?format=raw`;
      const { etag = "" } = (await ask(path)).headers;
      for (const tag of [etag, `W/${etag}`, `"x", ${etag}`, "*"]) {
        const { status, body } = await ask(path, { "if-none-match": tag });
        expect([status, body.length]).to.deep.equal([304, 0]);
      }
      expect((await ask(path, { "if-none-match": '"x"' })).status).to.equal(200);
    });

    it("that is inlined in its CID is given, as gateways are probed with it", async function () {
      const { status, body } = await ask("/ipfs/bafkqaaa?format=raw", {}, "GET");
      expect([status, body.length]).to.deep.equal([200, 0]);
    });
  });

  describe("a file", function () {
    const file = () => `/ipfs/${root}/weights.bin`;

    it("is given whole, to be saved", async function () {
      const { status, headers, body } = await ask(file());
      expect(status).to.equal(200);
      expect(body.equals(WEIGHTS)).to.equal(true);
      expect(headers).to.include({ "content-type": "application/octet-stream", "accept-ranges": "bytes" });
      expect(headers["content-disposition"]).to.include('attachment; filename="weights.bin"');
    });

    for (const [range, start, end] of [
      ["bytes=0-0", 0, 1],
      [`bytes=${MIB - 2}-${MIB + 1}`, MIB - 2, MIB + 2],
      [`bytes=${2 * MIB}-`, 2 * MIB, WEIGHTS.length],
      ["bytes=-4", WEIGHTS.length - 4, WEIGHTS.length],
      ["bytes=5-99999999", 5, WEIGHTS.length],
      ["bytes=-99999999", 0, WEIGHTS.length],
    ] as const) {
      it(`is given in part: ${range}`, async function () {
        const { status, headers, body } = await ask(file(), { range });
        expect(status).to.equal(206);
        expect(headers["content-range"]).to.equal(`bytes ${start}-${end - 1}/${WEIGHTS.length}`);
        expect(body.equals(WEIGHTS.subarray(start, end))).to.equal(true);
        const head = await ask(file(), { range }, "HEAD");
        expect([head.status, head.headers["content-length"]]).to.deep.equal([206, String(end - start)]);
      });
    }

    it("is given whole where a range means nothing, and not at all where none of it was asked for", async function () {
      for (const range of ["bytes=2-1", "bytes=0-1,3-4", "lines=1-2", "bytes=-", "bytes=a-b"]) {
        expect((await ask(file(), { range })).status, range).to.equal(200);
      }
      for (const range of [`bytes=${WEIGHTS.length}-`, "bytes=-0"]) {
        const { status, headers } = await ask(file(), { range });
        expect(status, range).to.equal(416);
        expect(headers["content-range"]).to.equal(`bytes */${WEIGHTS.length}`);
      }
      const { etag = "" } = (await ask(file(), {}, "HEAD")).headers;
      expect((await ask(file(), { range: "bytes=0-0", "if-range": etag })).status).to.equal(206);
      expect((await ask(file(), { range: "bytes=0-0", "if-range": '"other"' })).status).to.equal(200);
    });

    for (const [name, type, isShown] of [
      ["README.md", "text/plain; charset=utf-8", true],
      ["config.json", "application/json", true],
      ["sub/page.html", "text/plain; charset=utf-8", true],
      ["sub/card.svg", "image/svg+xml", true],
      ["sub/empty", "application/octet-stream", false],
    ] as const) {
      it(`is labelled by its name and never run: ${name}`, async function () {
        const { headers, body } = await ask(`/ipfs/${root}/${name}`);
        expect(body.equals(FILES[name])).to.equal(true);
        expect(headers).to.include({ "content-type": type, "x-content-type-options": "nosniff" });
        expect(headers["content-security-policy"]).to.include("sandbox").and.to.include("default-src 'none'");
        expect("content-disposition" in headers).to.equal(!isShown);
      });
    }

    it("without a name is labelled by what it is: metadata", async function () {
      const { headers, body } = await ask(`/ipfs/${metadata.cid.toString()}`);
      expect(headers["content-type"]).to.equal("application/json");
      expect(body.equals(metadata.bytes)).to.equal(true);
      const named = await ask(`/ipfs/${metadata.cid.toString()}?filename=x%22%0d%0ay.txt&download=true`);
      expect(named.headers).to.include({ "content-type": "text/plain; charset=utf-8" });
      expect(named.headers["content-disposition"]).to.match(
        /^attachment; filename="x___y.txt"; filename\*=UTF-8''x%22%0D%0Ay.txt$/,
      );
    });

    it("that is damaged breaks off, and names nothing of this machine to whoever asks", async function () {
      const path = join(temporary.path("model"), "weights.bin");
      await truncate(path, MIB + 10);
      const failed = await ask(file()).then(
        () => "whole",
        () => "broken off",
      );
      expect(failed).to.equal("broken off");
      const { status, body } = await ask(
        `/ipfs/${blocks.find(({ bytes }) => bytes[0] === 2)?.cid.toString()}?format=raw`,
      );
      expect(status).to.equal(500);
      expect(body.toString()).to.not.include(temporary.path());
      expect(gateway.failures.join()).to.include(path);
      await rm(path);
      expect((await ask(`/ipfs/${leaf().cid.toString()}?format=raw`)).status).to.equal(404);
    });
  });

  describe("a folder", function () {
    it("is listed for people, whatever its names", async function () {
      const { headers, body } = await ask(`/ipfs/${root}/sub/`);
      expect(headers["content-type"]).to.equal("text/html; charset=utf-8");
      expect(headers["content-security-policy"]).to.include("sandbox");
      expect(body.toString()).to.include("名前 &#60;b&#62;.txt").and.not.to.include("<b>");
      const [, link] = /href="([^"]+%3Cb%3E\.txt)"/.exec(body.toString()) ?? [];
      expect((await ask(link as string)).body.toString()).to.equal("text");
    });
  });
});
