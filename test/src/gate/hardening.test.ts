import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { connect } from "node:net";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { type AuditEntry, formatAuditEntry } from "../../../src/gate/audit.ts";
import { openAuditFile } from "../../../src/gate/audit-file.ts";
import { formatSiweMessage } from "../../../src/gate/siwe-message.ts";
import { closeGates, sendRaw, startGate } from "../../helpers/gate.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const FILE = "/v1/files/model.bin";
const QUICK = { headersTimeout: 300, requestTimeout: 300, idleTimeout: 500, checkInterval: 50 };

describe("a gate under attack", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGates);

  it("refuses oversized headers and malformed requests, and goes on", async function () {
    const { url, client } = await startGate(temporary);
    const host = "Host: x\r\n";
    const requests = {
      "a header of 20 kB": `GET /healthz HTTP/1.1\r\n${host}X: ${"a".repeat(20_000)}\r\n\r\n`,
      "a thousand headers": `GET /healthz HTTP/1.1\r\n${host}${"X: aaaaaaaaaaaaaaaa\r\n".repeat(1000)}\r\n`,
      "a target of 20 kB": `GET /${"a".repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
      "no host": "GET /healthz HTTP/1.1\r\n\r\n",
      "two lengths": `POST /v1/session HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
      "length and chunks": `POST /v1/session HTTP/1.1\r\n${host}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      "a blank before the colon": `GET /healthz HTTP/1.1\r\n${host}X : 1\r\n\r\n`,
      "a folded header": `GET /healthz HTTP/1.1\r\n${host}X: 1\r\n 2\r\n\r\n`,
      "a NUL": `GET /healthz\0 HTTP/1.1\r\n${host}\r\n`,
      "another protocol": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    };
    for (const [what, text] of Object.entries(requests)) {
      const answer = await sendRaw(url, text);
      expect(answer, what).to.match(/^HTTP\/1\.1 4\d\d /);
      expect(answer).to.not.match(/node|at .*\(|stack/i);
    }
    expect((await client.send("/healthz")).status).to.equal(200);
  });

  it("closes connections of clients that send slowly, and of those that read nothing", async function () {
    const { url, client, minter, audit } = await startGate(
      temporary,
      { "model.bin": randomBytes(24 * 1024 * 1024) },
      { limits: QUICK },
    );
    const unfinished = {
      nothing: "",
      "a part of the headers": "GET /healthz HTTP/1.1\r\nHost: x\r\nX-",
      "a part of the body":
        'POST /v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"m',
    };
    for (const [what, text] of Object.entries(unfinished)) {
      expect(await sendRaw(url, text), what).to.match(/^(HTTP\/1\.1 4\d\d |$)/);
    }
    // A byte now and then does not keep a connection.
    const { hostname, port } = new URL(url);
    const dripping = connect(Number(port), hostname);
    await once(dripping, "connect");
    dripping.on("error", () => undefined).resume();
    const drip = setInterval(() => dripping.write("a"), 20);
    dripping.write("GET /healthz HTTP/1.1\r\nX: ");
    // The gate may cut it off in the middle of a byte: that is an error of the connection, and what is wanted.
    await new Promise((resolve) => dripping.once("close", resolve));
    clearInterval(drip);

    const session = await client.signIn(minter);
    const stalled = connect(Number(port), hostname, () => {
      stalled.write(`GET ${FILE} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${session}\r\n\r\n`);
    });
    stalled.on("error", () => undefined).pause();
    await once(stalled, "readable");
    // Its request is written down as broken off once the gate has closed the connection.
    while (!audit.some(({ event, outcome }) => event === "download" && outcome === "aborted")) await setImmediate();
    stalled.destroy();
    expect((await client.send("/healthz")).status).to.equal(200);
  });

  it("answers 429 to who asks too often: by account, and by address for who is not signed in", async function () {
    const { client, minter, owner } = await startGate(temporary, undefined, {
      ask: async () => true,
      limits: { requestsPerMinute: 5, signInsPerMinute: 6 },
    });
    const [first, second] = [await client.signIn(minter), await client.signIn(owner)];
    const statuses = async (session?: string) => {
      const answers: number[] = [];
      for (let i = 0; i < 6; i++) answers.push((await client.send("/v1/files", session ? { session } : {})).status);
      return answers;
    };
    expect(await statuses(first)).to.deep.equal([200, 200, 200, 200, 200, 429]);
    expect(await statuses(second)).to.deep.equal([200, 200, 200, 200, 200, 429]);
    expect((await statuses()).at(-1)).to.equal(429);
    const nonces: number[] = [];
    for (let i = 0; i < 7; i++) nonces.push((await client.send("/v1/nonce", { method: "POST" })).status);
    expect(nonces.at(-1)).to.equal(429);
    const limited = await client.send("/v1/nothing");
    expect([limited.status, limited.json["error"]]).to.deep.equal([429, "too_many_requests"]);
    expect(limited.headers).to.include.keys("retry-after");
  });

  it("believes X-Forwarded-For from proxies that were named, and from nobody else", async function () {
    const headers = { "x-forwarded-for": "203.0.113.7" };
    const open = await startGate(temporary);
    await open.client.send("/healthz", { headers });
    expect(open.audit.at(-1)?.client).to.equal("127.0.0.1");
    const behind = await startGate(temporary, undefined, { trustedProxies: ["127.0.0.1"] });
    await behind.client.send("/healthz", { headers });
    expect(behind.audit.at(-1)?.client).to.equal("203.0.113.7");
  });

  it("lets nothing secret out: not in answers, not in the audit log", async function () {
    const { client, minter, stranger, modelPath, audit } = await startGate(temporary);
    const answers: string[] = [];
    const send = async (...args: Parameters<typeof client.send>) => {
      const { headers, body } = await client.send(...args);
      answers.push(JSON.stringify(headers), body.toString());
    };
    const text = formatSiweMessage(await client.message(minter.address));
    const signature = await minter.signMessage(text);
    const session = (await client.post(text, signature)).json["session"] as string;
    const secrets = [session, signature, signature.slice(2, 40), "hunter2"];
    await client.post(text, signature);
    await client.post(text, await stranger.signMessage(text));
    for (const path of [
      FILE,
      "/v1/files",
      "/v1/session",
      "/v1/none",
      "/v1/files/none",
      `${FILE}?session=${session}`,
      `/?p=hunter2`,
    ]) {
      await send(path, { session });
      await send(path, { headers: { authorization: "Bearer hunter2", cookie: "s=hunter2" } });
      await send(path, { session, method: "HEAD" });
    }
    await send("/v1/session", { session, method: "DELETE" });
    const log = audit.map(formatAuditEntry).join("\n");
    for (const secret of [...secrets, modelPath, "node_modules", "/src/gate"]) {
      expect(log).to.not.include(secret);
      expect(answers.join("\n")).to.not.include(secret);
    }
    expect(answers.join("\n")).to.not.match(/x-powered-by|"server"|set-cookie|access-control/i);
    expect(audit.find(({ event }) => event === "download")).to.deep.include({
      account: minter.address,
      method: "GET",
      path: "model.bin",
      status: 200,
      outcome: "ok",
      bytes: 7,
      client: "127.0.0.1",
    });
    expect(audit.filter(({ event }) => event === "sign-in").map(({ outcome }) => outcome)).to.deep.equal([
      "ok",
      "nonce_unknown",
      "nonce_unknown",
    ]);
  });

  it("says nothing of what failed inside", async function () {
    const files = new Map(Object.entries({ "model.bin": undefined as never }));
    files.get = () => {
      throw new Error("EACCES: /srv/private/model.bin");
    };
    const { client, minter } = await startGate(temporary, undefined, { files });
    const session = await client.signIn(minter);
    const { status, json } = await client.send(FILE, { session });
    expect([status, json]).to.deep.equal([500, { error: "internal_error", message: "Something failed here." }]);
  });

  it("lets answers under way end when it is closed, and begins no new ones", async function () {
    const content = randomBytes(24 * 1024 * 1024);
    const { app, client, minter } = await startGate(temporary, { "model.bin": content });
    const session = await client.signIn(minter);
    const response = await client.open(FILE, { session });
    response.pause();
    const closing = app.close();
    const refused = await client.send("/healthz").then(
      ({ status }) => status,
      (error: unknown) => (error as { code: string }).code,
    );
    expect(refused).to.be.oneOf([503, "ECONNREFUSED", "ECONNRESET"]);
    let length = 0;
    for await (const piece of response) length += (piece as Buffer).length;
    expect(length).to.equal(content.length);
    await closing;
  });
});

describe("the audit log of a gate", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGates);
  const entry: AuditEntry = {
    time: "2026-01-01T00:00:00.000Z",
    event: "download",
    tokenId: `0x${"00".repeat(32)}`,
    method: "GET",
    path: 'a\n{"event":"forged"}\r\u2028\u009b31m\x7f',
    status: 200,
    outcome: "ok",
    client: "::1",
  };

  it("has a line of plain characters for each request", function () {
    const line = formatAuditEntry(entry);
    expect(line).to.not.match(/[\p{Cc}\u2028\u2029]/u);
    expect(JSON.parse(line)).to.deep.equal(entry);
    expect(formatAuditEntry({ ...entry, path: "x".repeat(100_000) })).to.have.length.below(2000);
  });

  it("is a file that only its owner reads, and that may be moved away", async function () {
    const path = temporary.path("audit.jsonl");
    const log = openAuditFile(path, () => expect.fail());
    log.write(entry);
    log.write(entry);
    expect((await stat(path)).mode & 0o777).to.equal(0o600);
    expect((await readFile(path, "utf8")).trimEnd().split("\n")).to.have.length(2);
  });

  it("stops the gate for as long as it cannot be written", async function () {
    const folder = await temporary.write("logs", {});
    const failures: string[] = [];
    const log = openAuditFile(`${folder}/missing/audit.jsonl`, ({ message }) => failures.push(message));
    expect(log.isHealthy()).to.equal(false);
    const { client, audit } = await startGate(temporary, undefined, { audit: log });
    expect(audit).to.deep.equal([]);
    const refused = await client.send("/v1/gate");
    expect([refused.status, refused.json["error"]]).to.deep.equal([503, "audit_unavailable"]);
    expect(failures).to.have.length(1);
    await temporary.write("logs/missing", {});
    expect((await client.send("/v1/gate")).status).to.equal(200);
  });
});
