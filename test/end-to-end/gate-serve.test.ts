import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { BIN } from "../helpers/built-command.ts";
import { GateClient } from "../helpers/gate.ts";
import { startServer } from "../helpers/local-server.ts";
import { publishModel } from "../helpers/published-model.ts";
import { runCommand } from "../helpers/run-command.ts";
import { closeGateways, startGateway } from "../helpers/servers/gateway.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const CHAIN_ID = 1337;

describe("model-provenance gate serve", function () {
  const temporary = useTemporaryFolder();
  const running: ChildProcess[] = [];
  let served: Awaited<ReturnType<typeof serveRegistry>>;

  before(async function () {
    served = await serveRegistry(CHAIN_ID);
  });
  after(async function () {
    await served.close();
  });
  afterEach(async function () {
    for (const child of running.splice(0)) child.kill("SIGKILL");
    await closeGateways();
  });

  async function publish() {
    const modelPath = await temporary.write("model", { "README.md": "x", "w.bin": `weights ${temporary.path()}` });
    const { tokenId, links, content } = await publishModel(served, modelPath);
    const gateway = await startGateway([...links, ...content]);
    const environment = {
      RPC_URL: served.url,
      MODEL_PROVENANCE_ADDRESS: served.registry.address,
      STORE_PATH: temporary.path("store"),
      IPFS_GATEWAYS: gateway.url,
      GATE_ACCESS_SECONDS: "0",
    };
    return { modelPath, tokenId, environment };
  }

  /** Starts the command and waits for the address that it prints. */
  async function serve(args: readonly string[], environment: Record<string, string>) {
    const { PATH = "", HOME = "" } = process.env;
    const child = spawn(process.execPath, [BIN, "gate", "serve", ...args, "--port", "0"], {
      env: { PATH, HOME, NO_COLOR: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    running.push(child);
    let stderr = "";
    child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
    const [url] = (await Promise.race([
      once(createInterface(child.stdout), "line"),
      once(child, "close").then(() => {
        throw new Error(stderr);
      }),
    ])) as [string];
    const client = new GateClient(() => url, { now: Date.now() }, BigInt(CHAIN_ID));
    return { child, url, client, stderr: () => stderr };
  }

  it("serves a model to its owner until it is told to stop, and keeps an audit log", async function () {
    const { modelPath, tokenId, environment } = await publish();
    const auditPath = temporary.path("audit.jsonl");
    const gate = await serve([modelPath, "--audit-log", auditPath], environment);
    const session = await gate.client.signIn(served.minter);
    const { body } = await gate.client.send("/v1/files/w.bin", { session });
    expect(body.toString()).to.equal(await readFile(join(modelPath, "w.bin"), "utf8"));
    expect((await gate.client.send("/v1/files/w.bin")).status).to.equal(401);
    const closed = once(gate.child, "close");
    gate.child.kill("SIGTERM");
    expect((await closed)[0], gate.stderr()).to.equal(0);
    const lines = (await readFile(auditPath, "utf8")).trimEnd().split("\n");
    const entries = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(entries.map(({ status }) => status)).to.deep.equal([200, 201, 200, 401]);
    expect(entries[2]).to.include({ event: "download", path: "w.bin", tokenId: toHex32(tokenId), outcome: "ok" });
    expect(lines.join("\n") + gate.stderr()).to.not.include(session);
  });

  it("serves an endpoint without any files", async function () {
    const { tokenId, environment } = await publish();
    const upstream = await startServer((request, response) => response.end(request.headers.authorization ?? "nothing"));
    try {
      const secret = { GATE_UPSTREAM_AUTHORIZATION: "Bearer operator" };
      const args = ["--token", toHex32(tokenId), "--upstream", `${upstream.url}/v1`];
      const { client } = await serve(args, { ...environment, ...secret });
      const session = await client.signIn(served.minter);
      const answer = await client.send("/v1/upstream/models", { session });
      expect([answer.status, answer.body.toString()]).to.deep.equal([200, "Bearer operator"]);
      expect((await client.send("/v1/files", { session })).status).to.equal(404);
    } finally {
      await upstream.close();
    }
  });

  it("says what it needs, and serves nothing that is not verified", async function () {
    const { modelPath, tokenId, environment } = await publish();
    const run = async (...args: string[]) => runCommand(["gate", "serve", ...args, "--port", "0"], environment);
    const other = await temporary.write("other", { "w.bin": "other" });
    const cases: [string[], number, string][] = [
      [[], 2, "OPTION_MISSING"],
      [["--upstream", "http://127.0.0.1:1"], 2, "OPTION_MISSING"],
      [["--upstream", "http://user:secret@127.0.0.1:1"], 2, "OPTION_INVALID"],
      [[modelPath, "--host", "0.0.0.0"], 2, "GATE_PUBLIC_URL"],
      [[modelPath, "--public-url", "ftp://x"], 2, "OPTION_INVALID"],
      [[modelPath, "--audit-log", temporary.path("none", "audit")], 2, "audit log"],
      [["--upstream", "http://127.0.0.1:1", "--token", "0x01"], 3, "TOKEN_UNKNOWN"],
      [[other], 3, "TOKEN_UNKNOWN"],
      [[other, "--token", toHex32(tokenId)], 5, "RECORD_CONTRADICTS"],
    ];
    for (const [args, exitCode, text] of cases) {
      const result = await run(...args);
      expect([result.exitCode, result.stdout], `${args.join(" ")}: ${result.stderr}`).to.deep.equal([exitCode, ""]);
      expect(result.stderr).to.include(text).and.not.include("secret");
    }
  });
});
