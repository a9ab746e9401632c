import { once } from "node:events";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { connect } from "node:net";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { expect } from "chai";
import type { Refusal } from "../../../src/gate/refusal.ts";
import { limitBytes } from "../../../src/gate/upstream-body.ts";
import { closeGates, sendRaw, startGate } from "../../helpers/gate.ts";
import { startServer } from "../../helpers/local-server.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const HIDDEN = "POST /admin HTTP/1.1\r\nHost: x\r\nX-Model-Provenance-Account: 0xother\r\nContent-Length: 0\r\n\r\n";

/** The head of a request as the endpoint saw it, and the port of the connection that it came by. */
interface Head {
  readonly line: string;
  readonly headers: IncomingHttpHeaders;
  readonly port: number | undefined;
}

describe("requests that hide another one from a gate", function () {
  const temporary = useTemporaryFolder();
  const servers: { close: () => Promise<void> }[] = [];
  afterEach(async function () {
    await closeGates();
    await Promise.all(servers.splice(0).map(async (server) => server.close()));
  });

  /** A gate with an endpoint behind it that writes down each head, and gives back the body unless told otherwise. */
  async function startBoth(answer: (request: IncomingMessage, response: ServerResponse) => void = echo) {
    const heads: Head[] = [];
    const first = Promise.withResolvers<void>();
    const server = await startServer((request, response) => {
      const { method, url, headers, socket } = request;
      heads.push({ line: `${method} ${url}`, headers, port: socket.remotePort });
      first.resolve();
      answer(request, response);
    });
    servers.push(server);
    const gate = await startGate(temporary, undefined, { upstream: { url: new URL(`${server.url}/base`) } });
    const session = await gate.client.signIn(gate.minter);
    const raw = (line: string, headers: string, body: string) =>
      `${line} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${session}\r\n${headers}\r\n${body}`;
    const lines = () => heads.map(({ line }) => line);
    return { ...gate, session, heads, lines, raw, first: first.promise };
  }

  it("are refused where the method has no body here, and their connection is closed", async function () {
    const { url, client, session, raw, heads, lines } = await startBoth();
    const chunks = `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`;
    for (const [headers, body] of [
      [`Content-Length: ${HIDDEN.length}\r\n`, HIDDEN],
      [`Content-Length: ${HIDDEN.length}\r\n`, ""],
      [`Content-Length: ${HIDDEN.length}\r\nContent-Type: text/plain\r\n`, HIDDEN],
      ["Transfer-Encoding: chunked\r\n", chunks],
      ["Transfer-Encoding: chunked\r\n", "0\r\n\r\n"],
    ] as const) {
      const answer = await sendRaw(url, raw("GET /v1/upstream/a", headers, body));
      expect(answer).to.match(/^HTTP\/1\.1 400 [^]*\r\nconnection: close\r\n[^]*"request_invalid"/i);
      expect(answer.match(/HTTP\/1\.1/g)).to.have.length(1);
    }
    expect(lines()).to.deep.equal([]);
    const post = raw("POST /v1/upstream/b", `Connection: close\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN);
    expect(await sendRaw(url, post))
      .to.match(/^HTTP\/1\.1 200 /)
      .and.include(HIDDEN);
    expect((await client.send("/v1/upstream/mine", { session })).body.toString()).to.equal("GET /base/mine: ");
    expect(lines()).to.deep.equal(["POST /base/b", "GET /base/mine"]);
    expect(heads[1]?.port).to.equal(heads[0]?.port);
  });

  it("are two for the endpoint as well where two were sent on one connection", async function () {
    const { url, raw, heads, lines } = await startBoth();
    const get = raw("GET /v1/upstream/a", "Content-Length: 0\r\nContent-Type: text/plain\r\n", "");
    const empty = raw("POST /v1/upstream/b", "", "");
    const post = raw("POST /v1/upstream/c", `Connection: close\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN);
    const answers = await sendRaw(url, get + empty + post);
    expect(answers.match(/HTTP\/1\.1 200/g)).to.have.length(3);
    expect(lines()).to.deep.equal(["GET /base/a", "POST /base/b", "POST /base/c"]);
    expect(heads[0]?.headers).to.not.include.any.keys("content-length", "content-type", "transfer-encoding");
    expect(heads[1]?.headers["content-length"]).to.equal("0");
    expect(heads[2]?.headers["content-length"]).to.equal(String(HIDDEN.length));
  });

  for (const [what, headers, body] of [
    ["a length", "Content-Length: 1000\r\n", "begin"],
    ["chunks", "Transfer-Encoding: chunked\r\n", "5\r\nbegin\r\n"],
  ] as const) {
    it(`do not get a connection of the endpoint on which a body with ${what} ended early`, async function () {
      const { url, client, session, raw, heads, lines, first } = await startBoth();
      const socket = openSocket(url, raw("POST /v1/upstream/x", headers, body));
      await first;
      socket.destroy();
      await once(socket, "close");
      const answer = await client.send("/v1/upstream/y", { session, method: "POST", body: HIDDEN });
      expect(answer.body.toString()).to.equal(`POST /base/y: ${HIDDEN}`);
      expect(lines()).to.deep.equal(["POST /base/x", "POST /base/y"]);
      expect(heads[1]?.port).to.not.equal(heads[0]?.port);
    });

    it(`nor one on which the answer came before the end of a body with ${what}`, async function () {
      const { url, client, session, raw, heads, lines } = await startBoth((_request, response) => {
        response.end("early");
      });
      const socket = openSocket(url, raw("POST /v1/upstream/x", headers, body));
      const [piece] = (await once(socket, "data")) as [Buffer];
      expect(piece.toString()).to.match(/^HTTP\/1\.1 200 /);
      const answer = await client.send("/v1/upstream/y", { session, method: "POST", body: HIDDEN });
      expect(answer.body.toString()).to.equal("early");
      socket.destroy();
      expect(lines()).to.deep.equal(["POST /base/x", "POST /base/y"]);
      expect(heads[1]?.port).to.not.equal(heads[0]?.port);
    });
  }

  it("have no body of another length than they say", async function () {
    const pass = async (length?: string) => {
      let told: Refusal | undefined;
      const pieces: Buffer[] = [];
      const limited = limitBytes(6, length, (refusal) => (told = refusal)).on("data", (piece: Buffer) =>
        pieces.push(piece),
      );
      const error: unknown = await finished(Readable.from([Buffer.from("abc"), Buffer.from("de")]).pipe(limited)).catch(
        (reason: unknown) => reason,
      );
      expect(error).to.equal(told);
      return told?.status ?? Buffer.concat(pieces).toString();
    };
    expect(await pass("5")).to.equal("abcde");
    expect(await pass()).to.equal("abcde");
    expect(await pass("4")).to.equal(400);
    expect(await pass("6")).to.equal(400);
  });
});

function openSocket(url: string, text: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname, () => socket.write(text));
  return socket.on("error", () => undefined);
}

function echo(request: IncomingMessage, response: ServerResponse): void {
  buffer(request).then(
    (body) => response.end(`${request.method} ${request.url}: ${body.toString()}`),
    () => response.destroy(),
  );
}
