import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import { expect } from "chai";
import { closeGates, sendRaw, startGate } from "../../helpers/gate.ts";
import { startServer } from "../../helpers/local-server.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

describe("an inference endpoint behind a gate", function () {
  const temporary = useTemporaryFolder();
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(async function () {
    await closeGates();
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  /** A gate with an endpoint behind it that answers as it is told. */
  async function startBoth(
    answer: (response: ServerResponse, request: IncomingMessage) => void = (response) => response.end("done"),
    limits = {},
  ) {
    const seen: Seen[] = [];
    const server = await startServer((request, response) => {
      void readBody(request).then((body) => {
        seen.push({ method: request.method, url: request.url, headers: request.headers, body });
        answer(response, request);
      });
    });
    servers.push(server);
    const upstream = { url: new URL(`${server.url}/base/`), authorization: "Bearer operator" };
    const gate = await startGate(temporary, undefined, { upstream, limits });
    return { ...gate, seen, server, session: await gate.client.signIn(gate.minter) };
  }

  it("is served to who may use the model, and never sees the session", async function () {
    const { client, session, seen, minter, audit } = await startBoth((response) => {
      response.writeHead(200, {
        "content-type": "application/json",
        "set-cookie": "id=upstream",
        server: "internal/1.0",
        "x-internal": "10.0.0.1",
        "access-control-allow-origin": "*",
      });
      response.end('{"ok":true}');
    });
    const headers = {
      "content-type": "application/json",
      cookie: `session=${session}`,
      "x-forwarded-for": "1.2.3.4",
      "x-model-provenance-account": "0xforged",
      "proxy-authorization": "Basic x",
      connection: "x-model-provenance-account",
    };
    const body = '{"prompt":"hi"}';
    const answer = await client.send("/v1/upstream/chat/completions?stream=1&a=b?c", {
      method: "POST",
      session,
      headers,
      body,
    });
    expect([answer.status, answer.json]).to.deep.equal([200, { ok: true }]);
    expect(JSON.stringify(answer.headers)).to.not.match(/cookie|internal|10\.0\.0\.1|access-control/);
    const [request] = seen as [Seen];
    expect(request).to.include({ method: "POST", url: "/base/chat/completions?stream=1&a=b?c", body });
    expect(request.headers).to.include({
      authorization: "Bearer operator",
      "x-model-provenance-account": minter.address,
    });
    expect(request.headers).to.not.include.any.keys("cookie", "x-forwarded-for", "proxy-authorization");
    expect(JSON.stringify(seen)).to.not.include(session);
    expect(audit.at(-1)).to.include({
      event: "inference",
      path: "/v1/upstream/chat/completions",
      outcome: "ok",
      bytes: 11,
    });
  });

  it("is not asked for who is not signed in or lost access", async function () {
    const { client, session, seen, contract, minter, owner, tokenId } = await startBoth();
    const body = "x".repeat(100_000);
    expect((await client.send("/v1/upstream/x", { method: "POST", body })).status).to.equal(401);
    await contract.connect(minter).transferFrom(minter, owner, tokenId);
    expect((await client.send("/v1/upstream/x", { method: "POST", body, session })).status).to.equal(403);
    expect(seen).to.deep.equal([]);
  });

  it("is asked for nothing beside its own path", async function () {
    const { client, session, seen } = await startBoth();
    for (const path of [
      "../admin",
      "a/../../admin",
      "%2e%2e/admin",
      "a/%2E%2e/admin",
      "..%2fadmin",
      "a%5c..%5cadmin",
      "..;/admin",
      "%00",
      "%",
      "a\\b",
      "%252e%252e/admin",
      "a/%252E%2e/admin",
      "a%252f..%252fadmin",
      "a%255cb",
      "%25%32%65%252e/admin",
      "%25252e%25252e/admin",
      "%25c0%25ae/admin",
      "%25u002e./admin",
    ]) {
      expect((await client.send(`/v1/upstream/${path}`, { session })).status, path).to.equal(400);
    }
    for (const path of ["/v1/upstrea%6d/abcd", "/%761/upstream/abcd", "http://x/v1/upstream/abcd"]) {
      expect((await client.send(path, { session })).status, path).to.be.oneOf([400, 404]);
    }
    expect((await client.send("/v1/upstream/a/b%20c", { session })).status).to.equal(200);
    expect((await client.send("/v1/upstream/100%25", { session })).status).to.equal(200);
    expect((await client.send("/v1/upstream/", { session })).status).to.equal(200);
    expect(seen.map(({ url }) => url)).to.deep.equal(["/base/a/b%20c", "/base/100%25", "/base/"]);
    for (const method of ["PUT", "DELETE", "OPTIONS"]) {
      expect((await client.send("/v1/upstream/x", { session, method })).status).to.equal(404);
    }
  });

  it("passes bodies up to a limit, whether their length is known or not", async function () {
    const { client, session, seen } = await startBoth(undefined, { bodyBytes: 1000 });
    const post = async (body: string, headers = {}) =>
      client.send("/v1/upstream/x", { method: "POST", session, body, headers });
    expect((await post("x".repeat(1000))).status).to.equal(200);
    expect((await post("x".repeat(1001))).status).to.equal(413);
    expect((await post("x".repeat(1000), { "transfer-encoding": "chunked" })).status).to.equal(200);
    expect((await post("x".repeat(1001), { "transfer-encoding": "chunked" })).status).to.equal(413);
    expect(seen.map(({ body }) => body.length)).to.deep.equal([1000, 1000]);
  });

  it("streams, and stops when the token moves", async function () {
    let stream: ServerResponse | undefined;
    const { client, session, contract, minter, owner, tokenId } = await startBoth((response) => {
      stream = response;
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
    });
    const response = await client.open("/v1/upstream/stream", { session, method: "POST" });
    const [first] = (await once(response, "data")) as [Buffer];
    expect(first.toString()).to.equal("data: 1\n\n");
    await contract.connect(minter).transferFrom(minter, owner, tokenId);
    const gone = once(stream as ServerResponse, "close");
    stream?.write("data: 2\n\n");
    const rest: Buffer[] = [];
    const broken = await (async () => {
      for await (const piece of response) rest.push(piece as Buffer);
      return false;
    })().catch(() => true);
    expect([broken, Buffer.concat(rest).toString()]).to.deep.equal([true, ""]);
    await gone;
  });

  it("may take longer to answer than a connection may be idle", async function () {
    const waiting: ServerResponse[] = [];
    const begun = Promise.withResolvers<void>();
    const { client, session, url } = await startBoth(
      (response) => {
        waiting.push(response);
        begun.resolve();
      },
      { idleTimeout: 200 },
    );
    const answer = client.send("/v1/upstream/x", { session, method: "POST", body: "x" });
    await begun.promise;
    await sendRaw(url, ""); // is closed for doing nothing, begun later and for the same time
    waiting[0]?.end("at last");
    expect((await answer).body.toString()).to.equal("at last");
  });

  it("is told when a client goes away", async function () {
    let closed: Promise<unknown> | undefined;
    const { client, session } = await startBoth((response) => {
      closed = once(response, "close");
      response.write("x");
    });
    const response = await client.open("/v1/upstream/x", { session });
    await once(response, "data");
    response.destroy();
    await closed;
  });

  it("is never named where it refuses, redirects, breaks off or does not answer", async function () {
    const redirected = await startBoth((response) =>
      response.writeHead(302, { location: "http://10.0.0.1/admin" }).end(),
    );
    const answer = await redirected.client.send("/v1/upstream/x", { session: redirected.session });
    expect([answer.status, answer.json["error"]]).to.deep.equal([502, "upstream_redirected"]);
    expect(JSON.stringify(answer.headers) + answer.body.toString()).to.not.include("10.0.0.1");

    const refused = await startBoth((response) => response.writeHead(401).end("bad operator key sk-123"));
    const closed = await refused.client.send("/v1/upstream/x", { session: refused.session });
    expect([closed.status, closed.json["error"]]).to.deep.equal([502, "upstream_refused"]);
    expect(closed.body.toString()).to.not.include("sk-123");

    for (const head of [
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
      "HTTP/1.1 101 Switching Protocols\r\n\r\n",
      "HTTP/1.1 600 Beyond\r\ncontent-length: 2\r\n\r\nhi",
      "HTTP/1.1 999 Beyond\r\ncontent-length: 2\r\n\r\nhi",
    ]) {
      const odd = await startBoth((response) => response.socket?.write(head));
      const told = await odd.client.send("/v1/upstream/x", { session: odd.session });
      expect([told.status, told.json["error"]], head).to.deep.equal([502, "upstream_invalid"]);
    }

    const broken = await startBoth((response) => response.socket?.destroy());
    expect((await broken.client.send("/v1/upstream/x", { session: broken.session })).json["error"]).to.equal(
      "upstream_unavailable",
    );

    const silent = await startBoth(() => undefined, { upstreamTimeout: 100 });
    expect((await silent.client.send("/v1/upstream/x", { session: silent.session })).json["error"]).to.equal(
      "upstream_timeout",
    );

    const gone = await startBoth();
    await gone.server.close();
    const unavailable = await gone.client.send("/v1/upstream/x", { session: gone.session });
    expect([unavailable.status, unavailable.json["error"]]).to.deep.equal([502, "upstream_unavailable"]);
    expect(unavailable.body.toString()).to.not.include(new URL(gone.server.url).port);
  });

  it("passes on its own errors and their bodies", async function () {
    const { client, session } = await startBoth((response) =>
      response.writeHead(422, { "content-type": "text/plain" }).end("too long"),
    );
    const { status, body } = await client.send("/v1/upstream/x", { session, method: "POST", body: "x" });
    expect([status, body.toString()]).to.deep.equal([422, "too long"]);
  });

  it("gets no part of a request that a client did not finish", async function () {
    const { url, session, seen, client } = await startBoth();
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.on("error", () => undefined);
    const head = `POST /v1/upstream/x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${session}\r\nContent-Length: 10\r\n\r\n12345`;
    socket.write(head, () => socket.destroy());
    await once(socket, "close");
    expect((await client.send("/v1/upstream/y", { session })).status).to.equal(200);
    expect(seen.map((request) => request.url)).to.deep.equal(["/base/y"]);
  });
});

async function readBody(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  try {
    for await (const piece of request) pieces.push(piece as Buffer);
  } catch {
    return new Promise(() => undefined); // broken off: never seen
  }
  return Buffer.concat(pieces).toString();
}
