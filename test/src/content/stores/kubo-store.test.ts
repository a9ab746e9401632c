import type { IncomingMessage, ServerResponse } from "node:http";
import { CarReader } from "@ipld/car";
import { expect } from "chai";
import { ProvenanceError } from "../../../../src/base/errors.ts";
import { type Block, rawBlock } from "../../../../src/content/cid.ts";
import { KuboStore } from "../../../../src/content/stores/kubo/kubo-store.ts";
import { errorCode } from "../../../helpers/error-code.ts";
import { startServer } from "../../../helpers/local-server.ts";

const TOKEN = "s3cret-token-of-nobody";
const PATIENCE = { pin: 5_000, other: 5_000 };
const one = rawBlock(Buffer.from("one"));
const two = rawBlock(Buffer.from("two"));

type Answer = (response: ServerResponse, request: IncomingMessage, body: Buffer) => void;

describe("KuboStore", function () {
  let close = async () => {};
  afterEach(async () => close());

  /** A store whose node answers so. */
  async function ask(answer: Answer, auth: string | undefined = `bearer:${TOKEN}`, patience = PATIENCE) {
    const calls: { url: string; method: string; authorization: string | undefined; body: Buffer }[] = [];
    const server = await startServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const { url = "", method = "", headers } = request;
        const body = Buffer.concat(pieces);
        calls.push({ url, method, authorization: headers.authorization, body });
        answer(response, request, body);
      });
    });
    close = server.close;
    return { calls, url: server.url, store: new KuboStore({ apiUrl: server.url, ...(auth && { auth }), patience }) };
  }

  const lines =
    (...documents: unknown[]): Answer =>
    (response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(documents.map((document) => `${JSON.stringify(document)}\n`).join(""));
    };
  const pinnedRoot = (cid = one.cid, PinErrorMsg = "") => ({ Root: { Cid: { "/": cid.toString() }, PinErrorMsg } });
  const failing =
    (status: number, Message: string): Answer =>
    (response) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify({ Message, Code: 0, Type: "error" }));
    };

  /** The archive in the one part of a form. */
  async function readPart(body: Buffer): Promise<CarReader> {
    const boundary = body.subarray(0, body.indexOf("\r\n"));
    const start = body.indexOf("\r\n\r\n") + 4;
    return CarReader.fromBytes(body.subarray(start, body.indexOf(`\r\n${boundary.toString()}--`, start)));
  }

  describe("pin", function () {
    it("sends the blocks as an archive and compares the root", async function () {
      const { store, calls } = await ask(lines(pinnedRoot(), { Stats: { BlockCount: 2, BlockBytesCount: 6 } }));
      await store.pin(one.cid, [one, two]);
      expect(calls).to.have.length(1);
      expect(calls[0]).to.include({ method: "POST", authorization: `Bearer ${TOKEN}` });
      expect(calls[0]?.url).to.equal("/api/v0/dag/import?pin-roots=true");
      const car = await readPart((calls[0] as { body: Buffer }).body);
      expect((await car.getRoots()).map(String)).to.deep.equal([one.cid.toString()]);
      const blocks: string[] = [];
      for await (const { cid, bytes } of car.blocks())
        blocks.push(`${cid.toString()} ${Buffer.from(bytes).toString()}`);
      expect(blocks).to.deep.equal([`${one.cid.toString()} one`, `${two.cid.toString()} two`]);
    });

    it("pins each block alone where links are not followed, many in a call", async function () {
      const { store, calls } = await ask(lines());
      const blocks = Array.from({ length: 100 }, (_, i) => rawBlock(Buffer.from(String(i))));
      await store.pin((blocks[0] as Block).cid, blocks, { linksOnly: true });
      expect(calls.map(({ url }) => url.split("?")[0])).to.deep.equal([
        "/api/v0/dag/import",
        "/api/v0/pin/add",
        "/api/v0/pin/add",
      ]);
      expect(calls[0]?.url).to.include("pin-roots=false");
      const pinned = calls.slice(1).flatMap(({ url }) => new URL(url, "http://x").searchParams.getAll("arg"));
      expect(pinned).to.deep.equal(blocks.map(({ cid }) => cid.toString()));
      for (const { url } of calls.slice(1)) expect(url).to.include("recursive=false");
    });

    it("takes a block that is pinned with all below it for pinned, and still pins the others", async function () {
      const pinned: string[] = [];
      const { store } = await ask((response, { url = "" }, body) => {
        if (url.includes("dag/import")) return lines()(response, undefined as never, body);
        const cids = new URL(url, "http://x").searchParams.getAll("arg");
        if (cids.includes(one.cid.toString()))
          return failing(500, "pin: x already pinned recursively")(response, undefined as never, body);
        pinned.push(...cids);
        lines({ Pins: cids })(response, undefined as never, body);
      });
      await store.pin(one.cid, [one, two], { linksOnly: true });
      expect(pinned).to.deep.equal([two.cid.toString()]);
    });

    const refusals: Record<string, Answer> = {
      "401": failing(401, "who are you"),
      "403": (response) => response.writeHead(403).end("403 - Forbidden"),
      "404": (response) => response.writeHead(404).end("404 page not found"),
      "500": failing(500, "import failed: mismatch in content integrity"),
      "a redirect": (response) => response.writeHead(307, { location: "http://127.0.0.1:1/" }).end(),
      "another root": lines(pinnedRoot(two.cid)),
      "a root it could not pin": lines(pinnedRoot(one.cid, "block was not found locally (offline)")),
      "no root": lines({ Stats: { BlockCount: 1 } }),
      nothing: lines(),
      "lines cut short": (response) => response.writeHead(200).end(JSON.stringify(pinnedRoot()).slice(0, -9)),
      "other JSON": lines({ Root: null }),
      "no JSON": (response) => response.writeHead(200).end("<html>"),
      "a body that breaks off": (response) => {
        response.writeHead(200, { "content-length": "1000" });
        response.write("{", () => response.destroy());
      },
      "an error behind the answer": (response) => {
        response.writeHead(200, { trailer: "X-Stream-Error" });
        response.write(`${JSON.stringify(pinnedRoot())}\n`);
        response.addTrailers({ "X-Stream-Error": "disk is full" });
        response.end();
      },
      "an answer without end": (response) => {
        response.writeHead(200);
        for (let i = 0; i < 80; i++) response.write(Buffer.alloc(65_536, "\n"));
        response.end();
      },
      "a closed connection": (response) => void response.destroy(),
      "its own secret": (response, request) =>
        failing(500, `bad ${String(request.headers.authorization)}`)(response, request, Buffer.alloc(0)),
    };
    for (const [what, answer] of Object.entries(refusals)) {
      it(`refuses an answer with ${what}, and shows no secret`, async function () {
        const { store } = await ask(answer);
        const error = await store.pin(one.cid, [one]).then(
          () => undefined,
          (error: unknown) => error as ProvenanceError,
        );
        expect(error?.code).to.equal(/^4/.test(what) ? "STORE_REFUSED" : "STORE_FAILED");
        expectNoSecret(error);
      });
    }

    it("says what to look at where the node asks who calls", async function () {
      const { store } = await ask(failing(401, "no"));
      expect(await messageOf(store.pin(one.cid, [one]))).to.include("KUBO_API_AUTH");
    });

    it("gives up on a node that is silent", async function () {
      const { store } = await ask(() => undefined, undefined, { pin: 50, other: 50 });
      expect(await errorCode(() => store.pin(one.cid, [one]))).to.equal("STORE_FAILED");
      expect(await errorCode(() => store.has(one.cid))).to.equal("STORE_FAILED");
    });

    it("stops sending once the node has refused", async function () {
      const server = await startServer((_request, response) => void response.writeHead(401).end("no"));
      close = server.close;
      const store = new KuboStore({ apiUrl: server.url });
      let sent = 0;
      function* endless() {
        for (;;) {
          sent++;
          yield rawBlock(Buffer.alloc(1024 * 1024, sent % 256));
        }
      }
      expect(await errorCode(() => store.pin(one.cid, endless()))).to.equal("STORE_REFUSED");
      expect(sent).to.be.below(10_000);
    });

    it("stops when it is told to, before and while it sends", async function () {
      const { store, calls } = await ask(lines(pinnedRoot()));
      const controller = new AbortController();
      function* blocks() {
        yield one;
        controller.abort();
        yield two;
      }
      for (let i = 0; i < 2; i++) {
        const { signal } = controller;
        expect(await errorCode(() => store.pin(one.cid, blocks(), { signal }))).to.equal("INTERRUPTED");
      }
      expect(calls).to.deep.equal([]);
    });

    it("passes on why the blocks broke off, and pins nothing", async function () {
      const { store, calls } = await ask(lines(pinnedRoot()));
      function* blocks() {
        yield one;
        throw new ProvenanceError("MODEL_CHANGED", "weights.bin changed");
      }
      expect(await errorCode(() => store.pin(one.cid, blocks()))).to.equal("MODEL_CHANGED");
      expect(calls).to.deep.equal([]);
    });

    it("says where nobody listens", async function () {
      const { url } = await ask(() => undefined);
      await close();
      close = async () => {};
      const store = new KuboStore({ apiUrl: url });
      expect(await messageOf(store.pin(one.cid, [one]))).to.include(new URL(url).host);
    });
  });

  describe("get and has", function () {
    it("asks for the block by its CID and checks it", async function () {
      const { store, calls } = await ask((response) => response.writeHead(200).end("one"));
      expect(Buffer.from(await store.get(one.cid)).toString()).to.equal("one");
      expect(calls[0]?.url).to.equal(`/api/v0/block/get?arg=${one.cid.toString()}&timeout=60s`);
      expect(await errorCode(() => store.get(two.cid))).to.equal("STORE_BLOCK_CORRUPT");
    });

    for (const message of [
      "block was not found locally (offline): ipld: could not find bafkrei",
      "context deadline exceeded",
    ]) {
      it(`says that a block is missing: ${message}`, async function () {
        const { store } = await ask(failing(500, message));
        expect(await errorCode(() => store.get(one.cid))).to.equal("STORE_BLOCK_MISSING");
        expect(await store.has(one.cid)).to.equal(false);
      });
    }

    it("tells a node that fails from a block that is missing", async function () {
      const { store } = await ask(failing(500, "datastore is closed"));
      expect(await errorCode(() => store.get(one.cid))).to.equal("STORE_FAILED");
      expect(await errorCode(() => store.has(one.cid))).to.equal("STORE_FAILED");
    });

    it("looks only at the node itself for what it has", async function () {
      const { store, calls } = await ask(lines({ Key: one.cid.toString(), Size: 3 }));
      expect(await store.has(one.cid)).to.equal(true);
      expect(calls[0]?.url).to.equal(`/api/v0/block/stat?arg=${one.cid.toString()}&offline=true`);
    });
  });

  it("is what STORE calls kubo, and others can fetch from it", function () {
    expect(new KuboStore({ apiUrl: "http://127.0.0.1:5001" })).to.include({ name: "kubo", public: true });
  });
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error as Error).message,
  );
}

function expectNoSecret(error: unknown): void {
  for (let cause = error as Error | undefined; cause !== undefined; cause = cause.cause as Error | undefined) {
    expect(`${cause.message} ${cause.stack ?? ""} ${JSON.stringify(cause)}`).to.not.include(TOKEN);
  }
}
