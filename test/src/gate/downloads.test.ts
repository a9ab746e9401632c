import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { appendFile, readdir, readlink, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { setImmediate } from "node:timers/promises";
import { expect } from "chai";
import { openServedModel } from "../../../src/gate/served-model.ts";
import { anchorBatch, prepareSubmission } from "../../helpers/anchored-batch.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { type GateAnswer, closeGates, sendRaw, sha256Of, startGate } from "../../helpers/gate.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

describe("downloads from a gate", function () {
  const temporary = useTemporaryFolder();
  afterEach(closeGates);

  it("lists the files of the model, and gives each by its name", async function () {
    const files = {
      "model.bin": randomBytes(300_000),
      "empty.bin": "",
      "sub/50 % Größe+?#.json": "{}",
      "모델/\u{1f600} 'a'.txt": "x",
      "..a": "dots",
    };
    const { client, minter } = await startGate(temporary, files);
    const session = await client.signIn(minter);
    const { json } = await client.send("/v1/files", { session });
    const listed = json["files"] as { name: string; size: number; sha256: string }[];
    expect(new Set(listed.map(({ name }) => name))).to.deep.equal(new Set(Object.keys(files)));
    for (const { name, size, sha256 } of listed) {
      const path = `/v1/files/${name.split("/").map(encodeURIComponent).join("/")}`;
      const { status, headers, body } = await client.send(path, { session });
      expect([status, body.length, sha256Of(body)], name).to.deep.equal([200, size, sha256]);
      expect(headers.etag).to.equal(`"${sha256}"`);
      expect(headers["repr-digest"]).to.equal(`sha-256=:${Buffer.from(sha256, "hex").toString("base64")}:`);
      expect(headers["content-length"]).to.equal(String(size));
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(headers["content-disposition"]).to.match(/^attachment; filename\*=UTF-8''[\w.%~!-]+$/);
    }
  });

  it("answers ranges, conditions and HEAD", async function () {
    const content = randomBytes(500_000);
    const { client, minter } = await startGate(temporary, { "model.bin": content });
    const session = await client.signIn(minter);
    const etag = `"${sha256Of(content)}"`;
    const get = async (headers: Record<string, string>, method = "GET") =>
      client.send("/v1/files/model.bin", { session, headers, method });
    const part = await get({ range: "bytes=100000-400000" });
    expect([part.status, part.headers["content-range"]]).to.deep.equal([206, "bytes 100000-400000/500000"]);
    expect(part.body.equals(content.subarray(100_000, 400_001))).to.equal(true);
    expect((await get({ range: "bytes=-5" })).body.equals(content.subarray(-5))).to.equal(true);
    const beyond = await get({ range: "bytes=500000-" });
    expect([beyond.status, beyond.headers["content-range"]]).to.deep.equal([416, "bytes */500000"]);
    expect(beyond.headers["content-type"]).to.match(/^application\/json/);
    expect((await get({ range: "bytes=0-1", "if-range": etag })).status).to.equal(206);
    expect((await get({ range: "bytes=0-1", "if-range": '"old"' })).body.length).to.equal(500_000);
    const known = await get({ "if-none-match": etag });
    expect([known.status, known.body.length]).to.deep.equal([304, 0]);
    expect((await get({ "if-match": '"old"' })).status).to.equal(412);
    const head = await get({ range: "bytes=0-1" }, "HEAD");
    expect([head.status, head.headers["content-length"], head.body.length]).to.deep.equal([200, "500000", 0]);
    expect(head.headers.etag).to.equal(etag);
  });

  it("goes on where a download was broken off", async function () {
    const content = randomBytes(2 * MIB);
    const { client, minter } = await startGate(temporary, { "model.bin": content });
    const session = await client.signIn(minter);
    const first = await client.open("/v1/files/model.bin", { session });
    const [begin] = (await once(first, "data")) as [Buffer];
    first.destroy();
    const headers = { range: `bytes=${begin.length}-`, "if-range": first.headers.etag as string };
    const rest = await client.send("/v1/files/model.bin", { session, headers });
    expect(sha256Of(Buffer.concat([begin, rest.body]))).to.equal(sha256Of(content));
  });

  it("has nothing but the files that were verified, whatever is asked for", async function () {
    const { client, minter, modelPath } = await startGate(temporary, { "model.bin": "w", "sub/config.json": "{}" });
    await writeFile(temporary.path("secret.txt"), "top secret");
    await writeFile(`${modelPath}/added-later.txt`, "top secret");
    await symlink(temporary.path("secret.txt"), `${modelPath}/link.txt`);
    const session = await client.signIn(minter);
    const paths = [
      "../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "%2e%2e%2fsecret.txt", "sub/../../secret.txt", "..\\secret.txt",
      "..%5csecret.txt", "%252e%252e%252fsecret.txt", "/etc/passwd", "%2fetc%2fpasswd", "//etc/passwd", "sub//config.json",
      "./model.bin", "sub/./config.json", "sub/../model.bin", "model.bin/", "model.bin%00", "model.bin%00.txt", "%00", "%ff",
      "%c0%ae%c0%ae/secret.txt", "sub%2fconfig.json", "sub", "", ".", "..", "link.txt", "added-later.txt", "MODEL.BIN",
      "model.bin;x=1", "%E0%A4%A", "constructor", "__proto__", "hasOwnProperty", "%", "file:///etc/passwd", "x".repeat(5000),
    ]; // prettier-ignore
    for (const path of paths) {
      const { status, body } = await client.send(`/v1/files/${path}`, { session });
      expect(status, path).to.be.oneOf([400, 404]);
      expect(body.toString()).to.not.include("top secret").and.not.include("root:").and.not.include(modelPath);
    }
    for (const target of [
      "/../secret.txt",
      "/v1/../../secret.txt",
      "/v1/files/..;/secret.txt",
      "http://x/v1/files/model.bin",
      "/v1/file%73/xmodel.bin",
      "/v1/file%73/odel.bin",
      "*",
    ]) {
      expect((await client.send(target, { session })).status, target).to.be.oneOf([400, 404]);
    }
    expect((await client.send("/v1/files/model.bin?a=/../../x", { session })).status).to.equal(200);
  });

  it("serves no file that is another one than was verified", async function () {
    const files = Object.fromEntries(["a", "b", "c", "d", "e"].map((name) => [`${name}.bin`, "weights"]));
    const { client, minter, modelPath } = await startGate(temporary, { ...files, "sub/f.bin": "weights" });
    await writeFile(temporary.path("other"), "WEIGHTS");
    const session = await client.signIn(minter);
    await writeFile(`${modelPath}/a.bin`, "WEIGHTS"); // written
    await appendFile(`${modelPath}/b.bin`, "!");
    await rename(temporary.path("other"), `${modelPath}/c.bin`); // put in its place
    await rm(`${modelPath}/d.bin`);
    await symlink("/etc/passwd", `${modelPath}/d.bin`);
    await utimes(`${modelPath}/e.bin`, 1, 1);
    await rename(`${modelPath}/sub`, temporary.path("sub"));
    await temporary.write("elsewhere", { "f.bin": "WEIGHTS" });
    await symlink(temporary.path("elsewhere"), `${modelPath}/sub`);
    for (const name of ["a.bin", "b.bin", "c.bin", "d.bin", "e.bin", "sub/f.bin"]) {
      const { status, json, body, headers } = await client.send(`/v1/files/${name}`, {
        session,
        headers: { range: "bytes=0-1" },
      });
      expect(headers).to.not.include.any.keys("content-range", "etag", "repr-digest");
      expect([status, json["error"]], name).to.deep.equal([503, "file_changed"]);
      expect(body.toString()).to.not.include(modelPath);
    }
  });

  it("does not end a download as it should when the file is written meanwhile", async function () {
    const { client, minter, modelPath, audit } = await startGate(temporary, { "model.bin": randomBytes(24 * MIB) });
    const session = await client.signIn(minter);
    const response = await client.open("/v1/files/model.bin", { session });
    response.pause();
    await appendFile(`${modelPath}/model.bin`, "!");
    expect(await readAll(response)).to.equal("broken off");
    while (!audit.some(({ event }) => event === "download")) await setImmediate();
    expect(audit.at(-1)).to.include({ event: "download", outcome: "file_changed" });
  });

  it("ends a download when the token moves", async function () {
    const { client, contract, minter, owner, tokenId, audit } = await startGate(temporary, {
      "model.bin": randomBytes(24 * MIB),
    });
    const session = await client.signIn(minter);
    const response = await client.open("/v1/files/model.bin", { session });
    response.pause();
    await contract.connect(minter).transferFrom(minter, owner, tokenId);
    expect(await readAll(response)).to.equal("broken off");
    while (!audit.some(({ event }) => event === "download")) await setImmediate();
    expect(audit.at(-1)).to.include({ event: "download", outcome: "access_denied", account: minter.address });
    expect((await client.send("/v1/session", { session })).status).to.equal(401);
  });

  it("completes 500 downloads at once, all of them equal, and closes what it opened", async function () {
    this.timeout(120_000);
    const content = randomBytes(256 * 1024 + 1);
    const { client, minter, modelPath } = await startGate(
      temporary,
      { "model.bin": content },
      { limits: { accessLifetime: 60_000 } },
    );
    const session = await client.signIn(minter);
    const get = async () => client.send("/v1/files/model.bin", { session });
    const answers: GateAnswer[] = await Promise.all(Array.from({ length: 500 }, get));
    expect(new Set(answers.map(({ status }) => status))).to.deep.equal(new Set([200]));
    expect(new Set(answers.map(({ body }) => sha256Of(body)))).to.deep.equal(new Set([sha256Of(content)]));
    if (process.platform === "linux") await untilClosed(modelPath);
  });

  it("closes files that clients went away from", async function () {
    const { client, minter, modelPath, audit } = await startGate(temporary, { "model.bin": randomBytes(24 * MIB) });
    const session = await client.signIn(minter);
    const left = Array.from({ length: 20 }, async () => {
      const response = await client.open("/v1/files/model.bin", { session });
      await once(response, "data");
      response.destroy();
    });
    await Promise.all(left);
    while (audit.filter(({ event }) => event === "download").length < 20) await setImmediate();
    expect(audit.filter(({ event }) => event === "download").map(({ outcome }) => outcome)).to.include("aborted");
    if (process.platform === "linux") await untilClosed(modelPath);
  });

  it("is not opened on a model that is not the token's", async function () {
    const { registry, store, tokenId, modelPath } = await startGate(temporary);
    const other = await temporary.write("other", { "model.bin": "other" });
    const open = async (path: string, more = {}) =>
      errorCode(() => openServedModel({ modelPath: path, registry, store, ...more }));
    expect(await open(other)).to.equal("TOKEN_UNKNOWN");
    expect(await open(other, { tokenId })).to.equal("RECORD_CONTRADICTS");
    await symlink("/etc/passwd", `${modelPath}/link`);
    expect(await open(modelPath)).to.equal("MODEL_UNSUPPORTED_ENTRY");
    await rm(`${modelPath}/link`);
    await rename(`${modelPath}/config.json`, `${modelPath}/c.json`);
    expect(await open(modelPath)).to.equal("RECORD_CONTRADICTS");
  });

  it("is not opened on a model of a batch that has no token", async function () {
    const deployed = await networkHelpers.loadFixture(deployRegistry);
    deployed.store.blocks.clear();
    const modelPath = await temporary.write("model", { "model.bin": "weights" });
    const submission = await prepareSubmission({ modelPath, statements: {} }, deployed);
    await anchorBatch([submission, { ...submission, modelDigest: `0x${sha256Of("other")}` }], deployed);
    const { registry, store } = deployed;
    expect(await errorCode(() => openServedModel({ modelPath, registry, store }))).to.equal("TOKEN_UNKNOWN");
  });

  it("answers other methods with nothing", async function () {
    const { client, minter, url } = await startGate(temporary);
    const session = await client.signIn(minter);
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"]) {
      expect((await client.send("/v1/files/model.bin", { session, method })).status, method).to.be.oneOf([404, 405]);
    }
    expect(await sendRaw(url, "CONNECT model.bin:80 HTTP/1.1\r\nHost: x\r\n\r\n")).to.not.include("200");
  });
});

/** Reads an answer to its end. */
async function readAll(response: AsyncIterable<unknown>): Promise<"complete" | "broken off"> {
  try {
    for await (const _piece of response);
    return "complete";
  } catch {
    return "broken off";
  }
}

/** Waits until this process holds no file below a folder open; the test fails by its time limit where it never does. */
async function untilClosed(folder: string): Promise<void> {
  while ((await countOpen(folder)) > 0) await setImmediate();
}

/** How many files below a folder this process holds open. */
async function countOpen(folder: string): Promise<number> {
  const names = await readdir("/proc/self/fd");
  const targets = await Promise.all(names.map(async (name) => readlink(`/proc/self/fd/${name}`).catch(() => "")));
  return targets.filter((target) => target.startsWith(folder)).length;
}
