import { type IncomingMessage, type Server, type ServerResponse, createServer } from "node:http";
import { gzipSync } from "node:zlib";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import { type LookupAll, guardAddresses, guardRedirects } from "../../../../src/base/http/address-guard.ts";
import { HttpFault } from "../../../../src/base/http/http-fault.ts";
import { readAll } from "../../../../src/base/http/read-body.ts";
import { type FollowedRequest, request } from "../../../../src/base/http/request.ts";
import { createAgents } from "../../../../src/base/http/send.ts";

const TIMES = { connect: 5000, firstByte: 5000, idle: 5000, total: 20_000 };

describe("request", function () {
  const servers: Server[] = [];
  const seen: IncomingMessage[] = [];

  async function serve(answer: (message: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
    const server = createServer((message, response) => {
      seen.push(message);
      answer(message, response);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  }

  async function ask(url: URL, options: Partial<FollowedRequest> = {}) {
    const guard = guardRedirects(url);
    const answer = await request({ url, headers: {}, times: TIMES, maxBytes: 1000, guard, ...options });
    return { ...answer, text: (await readAll(answer.body)).toString() };
  }

  const faultOf = async (work: Promise<unknown>) =>
    work.then(
      () => "no fault",
      (error: unknown) => (error instanceof HttpFault ? `${error.kind}: ${error.message}` : String(error)),
    );

  afterEach(async function () {
    seen.length = 0;
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("answers with status, headers and body, whatever the status is", async function () {
    const url = await serve((_, response) => response.writeHead(418, { "x-a": "b" }).end("tea"));
    const { status, headers, text } = await ask(url, { method: "POST", body: "leaves" });
    expect([status, headers.get("x-a"), text]).to.deep.equal([418, "b", "tea"]);
    expect(seen[0]?.headers).to.include({ "content-length": "6", "accept-encoding": "identity" });
  });

  it("reads no more than it may, also where little becomes much", async function () {
    const many = await serve((_, response) => response.write("x".repeat(2000)));
    expect(await faultOf(ask(many))).to.equal("oversize: answers with more than 1000 bytes");
    const said = await serve((_, response) => response.writeHead(200, { "content-length": "5000" }).end());
    expect(await faultOf(ask(said))).to.include("oversize");
    const bomb = await serve((_, response) => {
      response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(1_000_000)));
    });
    expect(await faultOf(ask(bomb, { compressed: true }))).to.include("oversize");
    expect(await faultOf(ask(bomb))).to.include("refused: answers compressed (gzip)");
    expect((await ask(bomb, { compressed: true, maxBytes: 1_000_000 })).text).to.have.length(1_000_000);
  });

  it("waits no longer than it may, for an answer and within it", async function () {
    const silent = await serve(() => undefined);
    expect(await faultOf(ask(silent, { times: { ...TIMES, firstByte: 50 } }))).to.include("did not begin to answer");
    const slow = await serve((_, response) => response.write("x"));
    expect(await faultOf(ask(slow, { times: { ...TIMES, idle: 50 } }))).to.include("sent nothing for 0.05 s");
    expect(await faultOf(ask(slow, { times: { ...TIMES, total: 60 } }))).to.include("took more than 0.06 s");
    expect(await faultOf(ask(silent, { signal: AbortSignal.timeout(50) }))).to.include("was not waited for");
  });

  it("tells an answer that is cut short from a whole one", async function () {
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-length": "100" }).write("half", () => response.destroy());
    });
    expect(await faultOf(ask(url))).to.equal("unavailable: broke its answer off");
  });

  it("takes an answer in another protocol for none", async function () {
    const url = await serve(({ socket }) =>
      socket.end("HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n"),
    );
    expect(await faultOf(ask(url))).to.equal("refused: answers in another protocol");
    const bare = await serve(({ socket }) => socket.write("HTTP/1.1 101 Switching\r\n\r\n"));
    expect(await faultOf(ask(bare))).to.equal("refused: answers in another protocol");
  });

  it("sends a stream, and stops when the server refuses or the stream fails", async function () {
    async function* pieces(count: number) {
      for (let i = 0; i < count; i++) yield await Promise.resolve(Buffer.alloc(100_000));
    }
    let size = 0;
    const url = await serve((message, response) => {
      message.on("data", (piece: Buffer) => (size += piece.length)).on("end", () => response.end("ok"));
    });
    const sent: number[] = [];
    const onSent = (piece: Uint8Array) => void sent.push(piece.length);
    expect((await ask(url, { method: "POST", body: pieces(20), onSent })).text).to.equal("ok");
    expect([size, sent.length]).to.deep.equal([2_000_000, 20]);
    const refusing = await serve((_, response) => response.writeHead(403).end("no"));
    expect((await ask(refusing, { method: "POST", body: pieces(Infinity) })).status).to.equal(403);
    async function* broken() {
      yield await Promise.resolve(Buffer.alloc(10));
      throw new Error("changed meanwhile");
    }
    expect(await faultOf(ask(url, { method: "POST", body: broken() }))).to.include("changed meanwhile");
  });

  describe("redirects", function () {
    const leadTo = async (location: string) => serve((_, response) => response.writeHead(302, { location }).end());

    it("are followed where that was asked for, so often and no more", async function () {
      const end = await serve((_, response) => response.end("there"));
      const start = await leadTo(end.href);
      expect((await ask(start, { redirects: 1 })).text).to.equal("there");
      expect((await ask(start)).status).to.equal(302);
      const circle = await leadTo("/again");
      expect(await faultOf(ask(circle, { redirects: 3 }))).to.equal("refused: redirects more than 3 times");
      expect(await faultOf(ask(start, { redirects: 1, mayFollow: () => false }))).to.include("no safe web address");
    });

    it("keep the connection where their words are few, and close it where they do not end", async function () {
      const end = await serve((_, response) => response.end("there"));
      const connections = new Set<unknown>();
      const counted = async (answer: (response: ServerResponse) => void) => {
        connections.clear();
        const start = await serve(({ socket }, response) => (connections.add(socket), answer(response)));
        const agents = createAgents();
        for (let i = 0; i < 3; i++) expect((await ask(start, { redirects: 1, agents })).text).to.equal("there");
        agents["http:"].destroy();
        return connections.size;
      };
      const headers = { location: end.href, "content-length": "5" };
      expect(await counted((response) => response.writeHead(302, headers).end("Found"))).to.equal(1);
      expect(await counted((response) => response.writeHead(302, { location: end.href }).write("Found"))).to.equal(3);
      const endless = { location: end.href, "content-length": "100000" };
      expect(await counted((response) => response.writeHead(302, endless).write("Found"))).to.equal(3);
    });

    it("take what identifies us nowhere else", async function () {
      const end = await serve((_, response) => response.end());
      const start = await leadTo(end.href);
      const named = new URL(start);
      named.username = "user";
      named.password = "secret";
      await ask(start, { redirects: 1, headers: { authorization: "Bearer secret" } });
      await ask(named, { redirects: 1 });
      expect(seen.map(({ headers }) => headers.authorization)).to.deep.equal([
        "Bearer secret",
        undefined,
        `Basic ${btoa("user:secret")}`,
        undefined,
      ]);
    });

    it("lead to no address that is not allowed, however it is written", async function () {
      for (const location of ["http://127.0.0.1:1/", "http://[::1]/", "http://2130706433/", "file:///etc/passwd"]) {
        const start = await leadTo(location);
        const guard = { ...guardAddresses(new URL("https://gateway.example")), faultOf: faultBut(start) };
        expect(await faultOf(ask(start, { redirects: 3, guard })), location).to.include("refused: was not asked");
      }
    });

    const faultBut = (start: URL) => (url: URL) =>
      url.href === start.href ? undefined : guardAddresses(new URL("https://gateway.example")).faultOf(url);
  });

  it("connects to no private address, whenever a name begins to lead there", async function () {
    const url = await serve((_, response) => response.end("inside"));
    let answers = 0;
    const rebinding: LookupAll = (_, done) =>
      done(null, [{ address: answers++ === 0 ? "10.255.255.1" : "127.0.0.1", family: 4 }]);
    const gateway = new URL(`http://gateway.example:${url.port}`);
    const guard = guardAddresses(gateway, rebinding);
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(await faultOf(ask(gateway, { guard }))).to.include("no public address");
    }
    expect(seen).to.have.length(0);
    // The user's own service may be anywhere.
    expect((await ask(gateway, { guard: guardRedirects(gateway, rebinding) })).text).to.equal("inside");
  });
});
