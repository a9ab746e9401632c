import type { IncomingMessage, ServerResponse } from "node:http";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { ProvenanceError } from "../../../../src/base/errors.ts";
import { JsonRpcNode, type JsonRpcNodeOptions, connectNode } from "../../../../src/base/node/json-rpc-node.ts";
import { readNodeError } from "../../../../src/base/node/node-error.ts";
import { startServer } from "../../../helpers/local-server.ts";

const MIB = 1024 * 1024;
const QUESTION = { jsonrpc: "2.0", id: 7, method: "eth_call", params: [] } as const;
const RIGHT = { jsonrpc: "2.0", id: 7, result: "0x01" };
const limited = (message = "rate limit exceeded") => ({ jsonrpc: "2.0", id: 7, error: { code: -32005, message } });

type Answer = (response: ServerResponse, request: IncomingMessage, body: string) => void;

describe("JsonRpcNode", function () {
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(async function () {
    for (const server of servers.splice(0)) await server.close();
  });

  /** A server that answers in turn, and the last way for good. */
  async function serve(...answers: Answer[]) {
    const seen: IncomingMessage[] = [];
    const server = await startServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        const answer = answers[Math.min(seen.length, answers.length - 1)] as Answer;
        seen.push(request);
        answer(response, request, Buffer.concat(pieces).toString());
      });
    });
    servers.push(server);
    return { url: server.url, seen };
  }
  const json = (value: unknown, status = 200, headers: Record<string, string> = {}): Answer => {
    return (response) => response.writeHead(status, headers).end(JSON.stringify(value));
  };

  /** Asks a node whose waiting takes no time, and says how long it would have waited. */
  async function ask(url: string, options: JsonRpcNodeOptions = {}) {
    const waits: number[] = [];
    let now = 0;
    const wait = async (milliseconds: number) => void (waits.push(milliseconds), (now += milliseconds));
    const node = new JsonRpcNode(url, { wait, now: () => now, ...options });
    const answer = await node.ask(QUESTION).catch((error: unknown) => error as ProvenanceError);
    return { answer, waits, node };
  }

  it("sends user and password as a header, and shows neither, nor the path, whatever the server repeats", async function () {
    const { url, seen } = await serve((response, request) => {
      response.writeHead(401).end(`no entry for ${request.headers.authorization} at ${request.url}`);
    });
    const secret = url.replace("//", "//alice:hunter%202%20secret@");
    const { answer } = await ask(`${secret}/v3/0123456789abcdef?token=fedcba9876`);
    expect(seen[0]?.headers.authorization).to.equal(`Basic ${Buffer.from("alice:hunter 2 secret").toString("base64")}`);
    expect((answer as ProvenanceError).code).to.equal("CHAIN_UNREACHABLE");
    const shown = inspect(answer, { depth: 9, showHidden: true });
    expect(shown).to.not.match(/hunter|0123456789|fedcba|YWxpY2U6/);
    expect(shown).to.include("HTTP 401");
  });

  it("follows a redirect to the same origin, and none elsewhere, where nothing then arrives", async function () {
    const inside = await serve(json(RIGHT));
    for (const status of [301, 302, 307, 308]) {
      const same = await serve((response) => response.writeHead(status, { location: "/other" }).end(), json(RIGHT));
      expect((await ask(same.url)).answer).to.deep.equal({ id: 7, result: "0x01" });
      expect(same.seen.map(({ method, url }) => [method, url])).to.deep.equal([["POST", "/"], ["POST", "/other"]]); // prettier-ignore
      const away = await serve((response) => response.writeHead(status, { location: `${inside.url}/admin` }).end());
      expect(readNodeError((await ask(away.url)).answer).kind).to.equal("silent");
    }
    expect(inside.seen).to.have.length(0);
  });

  it("waits limits out, as long as it is told or twice as long each time, and no longer than it should", async function () {
    const answers: [Answer, number[]][] = [
      [json(limited()), [500, 1000]],
      [json(limited(), 429), [500, 1000]],
      [json({ code: -32007 }, 429, { "retry-after": "3" }), [3000, 3000]],
      [json({}, 503, { "retry-after": "2" }), [2000, 2000]],
      [json(limited("too many requests, retry in 10s")), [10_000, 10_000]],
      [json({ ...limited(), error: { code: 429, message: "", data: { rate: { backoff_seconds: 4 } } } }), [4000, 4000]],
    ];
    for (const [limit, expected] of answers) {
      const { url } = await serve(limit, limit, json(RIGHT));
      const { answer, waits } = await ask(url);
      expect(answer).to.deep.equal({ id: 7, result: "0x01" });
      expect(waits.filter((pause) => pause > 100)).to.deep.equal(expected);
    }
  });

  it("gives up where a wait is too long, or does not help, and then tries each method once until it is answered", async function () {
    for (const limit of [
      json(limited("daily request count exceeded, request rate limited")),
      json({}, 429, { "retry-after": "999" }),
    ]) {
      const { url, seen } = await serve(limit);
      const { answer, waits } = await ask(url);
      expect(readNodeError(answer).kind).to.equal("limited");
      expect([seen.length, waits.length]).to.deep.equal([1, 0]);
    }
    const { url, seen } = await serve(
      ...Array.from({ length: 6 }, () => json(limited())),
      json(RIGHT),
      json(limited()),
      json(RIGHT),
    );
    const { answer, node } = await ask(url);
    expect([readNodeError(answer).kind, seen.length]).to.deep.equal(["limited", 5]);
    expect(await node.ask(QUESTION)).to.have.property("error");
    expect(seen).to.have.length(6);
    expect(await node.ask(QUESTION)).to.have.property("result");
    expect(await node.ask(QUESTION)).to.have.property("result");
    expect(seen).to.have.length(9);
  });

  it("sends no transaction twice that the node signs", async function () {
    const { url, seen } = await serve(json(limited()));
    const node = new JsonRpcNode(url, { wait: async () => undefined });
    expect(await node.ask({ ...QUESTION, method: "eth_sendTransaction" })).to.have.property("error");
    expect(seen).to.have.length(1);
  });

  it("stops reading an answer without end, compressed or not, and waits for none that does not come", async function () {
    const zeros = Buffer.alloc(MIB, "0");
    let sent = 0;
    const endless = await serve((response) => {
      const more = () => {
        while (!response.destroyed && sent < 1024 * MIB) {
          sent += MIB;
          if (!response.write(zeros)) return void response.once("drain", more);
        }
      };
      more();
    });
    const bomb = gzipSync(Buffer.alloc(64 * MIB, "0"));
    const compressed = await serve((response) => {
      response.writeHead(200, { "content-encoding": "gzip" });
      for (let i = 0; i < 16; i++) response.write(bomb);
      response.end();
    });
    for (const { url } of [endless, compressed]) {
      expect(readNodeError((await ask(url, { maxBytes: 4 * MIB })).answer).kind).to.equal("oversized");
    }
    expect(sent).to.be.lessThan(256 * MIB);
    const hanging: Answer[] = [() => undefined, (response) => response.writeHead(200).write("{")];
    for (const hang of hanging) {
      const { url } = await serve(hang);
      expect(readNodeError((await ask(url, { timeout: 150 })).answer).kind).to.equal("slow");
    }
  });

  it("asks once more where a connection that was kept broke", async function () {
    const { url, seen } = await serve((response) => response.destroy(), json(RIGHT));
    expect((await ask(url)).answer).to.deep.equal({ id: 7, result: "0x01" });
    expect(seen).to.have.length(2);
  });

  it("asks once more by a new connection: all that were kept may be broken", async function () {
    const used = new Set<unknown>();
    const waiting: (() => void)[] = [];
    const { url } = await serve((response, { socket }) => {
      // The first three are answered together, so that each has a connection; none is answered a second time.
      if (used.has(socket)) return void response.destroy();
      used.add(socket);
      waiting.push(() => response.end(JSON.stringify(RIGHT)));
      if (used.size >= 3) for (const answer of waiting.splice(0)) answer();
    });
    const node = new JsonRpcNode(url);
    const right = { id: 7, result: "0x01" };
    const first = await Promise.all([node.ask(QUESTION), node.ask(QUESTION), node.ask(QUESTION)]);
    expect(first).to.deep.equal([right, right, right]);
    expect(await node.ask(QUESTION)).to.deep.equal(right);
    expect(used.size).to.equal(4);
  });

  it("says what it got where a chain id should be", async function () {
    for (const [answer, said] of [
      [json({ id: 1, result: undefined }), "neither a result nor an error"],
      [json({ id: 1, result: "mainnet" }), '"mainnet", which is not a number in hex'],
      [json({ id: 1, error: { code: -32600, message: "Must be authenticated!" } }, 401), "Must be authenticated!"],
      [(response: ServerResponse) => response.end("<html>"), "a web page instead of JSON-RPC"],
    ] as const) {
      const { url } = await serve(answer);
      const error = await connectNode(url).catch((cause: unknown) => cause as ProvenanceError);
      expect((error as ProvenanceError).message).to.include(said);
      expect((error as ProvenanceError).code).to.equal("CHAIN_UNREACHABLE");
    }
  });
});
