import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { toHex32 } from "../../src/base/hex.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { BIN } from "../helpers/built-command.ts";
import { publishModel } from "../helpers/published-model.ts";
import { runCommand } from "../helpers/run-command.ts";
import { runMeasured } from "../helpers/run-measured.ts";
import { type Behaviour, closeGateways, startGateway } from "../helpers/servers/gateway.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

const MIB = 1024 * 1024;

function pattern(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i += 4096) bytes.writeUInt32LE(i, i);
  return bytes;
}

describe("model-provenance fetch", function () {
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;

  before(async function () {
    served = await serveRegistry();
  });
  after(async function () {
    await served.close();
  });
  afterEach(closeGateways);

  async function publish(files: Readonly<Record<string, string | Uint8Array>>) {
    const modelPath = await temporary.write("model", files);
    const { tokenId, links, content } = await publishModel(served, modelPath);
    const gateway = await startGateway([...links, ...content]);
    const path = temporary.path("fetched");
    const environment = {
      RPC_URL: served.url,
      MODEL_PROVENANCE_ADDRESS: served.registry.address,
      STORE_PATH: temporary.path("store"),
      IPFS_GATEWAYS: gateway.url,
    };
    return { tokenId, content, links, gateway, path, environment, args: ["fetch", toHex32(tokenId), path] };
  }

  it("downloads and verifies a model, and does nothing the second time", async function () {
    const { args, environment, path, tokenId } = await publish({ "README.md": "x", "w.bin": pattern(3 * MIB) });
    const first = await runCommand([...args, "--json"], environment);
    expect(first.exitCode, first.stderr).to.equal(0);
    expect(JSON.parse(first.stdout)).to.include({
      schemaVersion: "1.0",
      verdict: "verified",
      path,
      existing: false,
      fetchedBytes: 3 * MIB + 1,
    });
    expect(BigInt((await hashModel(path)).modelDigest)).to.equal(tokenId);
    const again = await runCommand(args, environment);
    expect(again.exitCode).to.equal(0);
    expect(again.stdout).to.include("VERIFIED");
    expect(again.stderr).to.include("nothing was fetched");
  });

  it("ends with the same digest after it was killed in the middle", async function () {
    const { args, environment, path, tokenId, gateway, content } = await publish({
      "a.bin": pattern(24 * MIB + 5),
      "sub/b.bin": Buffer.concat([Buffer.from("b"), pattern(20 * MIB)]),
    });
    const leaves = new Set(content.map(({ cid }) => cid.toString()));
    for (const stopAfter of [1, 9, 20]) {
      let served = 0;
      let reached: (() => void) | undefined;
      const stuck = new Promise<void>((resolve) => (reached = resolve));
      gateway.behave(({ cid }): Behaviour => {
        if (!leaves.has(cid) || ++served <= stopAfter) return "serve";
        reached?.();
        return "hang";
      });
      const child = spawn(process.execPath, [BIN, ...args], {
        env: { PATH: process.env["PATH"], ...environment },
        stdio: "ignore",
      });
      const ended = once(child, "close");
      await stuck;
      child.kill("SIGKILL");
      expect(await ended).to.deep.equal([null, "SIGKILL"]);
      expect(await stat(path).catch(() => undefined)).to.equal(undefined);
    }
    gateway.behave("serve");
    const { exitCode, stdout, stderr } = await runCommand([...args, "--json"], environment);
    expect(exitCode, stderr).to.equal(0);
    const { fetchedBytes, keptBytes } = JSON.parse(stdout) as { fetchedBytes: number; keptBytes: number };
    expect(fetchedBytes + keptBytes).to.equal(44 * MIB + 6);
    expect(keptBytes).to.be.greaterThan(0);
    expect(BigInt((await hashModel(path)).modelDigest)).to.equal(tokenId);
    expect((await readdir(temporary.path())).filter((name) => name.includes("partial"))).to.deep.equal([]);
  });

  it("says that the disk is full, and goes on when there is room again", async function () {
    const { args, environment, path, tokenId } = await publish({ "small.txt": "x", "large.bin": pattern(4 * MIB) });
    // A limit for the length of a file stands for a disk without room: writing fails half-way through a block.
    const limited = spawn("bash", ["-c", 'ulimit -f 1500; exec "$@"', "bash", process.execPath, BIN, ...args], {
      env: { PATH: process.env["PATH"], NO_COLOR: "1", ...environment },
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    limited.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    expect((await once(limited, "close"))[0], stderr).to.equal(4);
    expect(stderr).to.match(/^error\[TARGET_FAILED\]: The disk is full[^\n]*run again\.\n$/);
    const again = await runCommand([...args, "--json"], environment);
    expect(again.exitCode, again.stderr).to.equal(0);
    expect((JSON.parse(again.stdout) as { keptBytes: number }).keptBytes).to.be.greaterThan(0);
    expect(BigInt((await hashModel(path)).modelDigest)).to.equal(tokenId);
  });

  it("keeps within 256 MiB of memory, whatever the size of the model", async function () {
    if (process.platform !== "linux") this.skip();
    const size = 300 * MIB;
    const { args, environment, path } = await publish({ "w.bin": pattern(size) });
    const { exitCode, stderr, peakMebibytes } = await runMeasured(args, environment);
    expect(exitCode, stderr).to.equal(0);
    expect(peakMebibytes).to.be.lessThan(256);
    expect((await stat(join(path, "w.bin"))).size).to.equal(size);
  });

  it("verifies what it fetched from gateways alone, and asks none where that is switched off", async function () {
    const { args, environment, path, gateway } = await publish({ "w.dat": "weights 1" });
    await runCommand(args, environment);
    const verify = ["verify", path];
    expect((await runCommand(verify, environment)).exitCode).to.equal(0);
    gateway.requests.length = 0;
    const offline = await runCommand([...verify, "--offline"], environment);
    expect(offline.stderr).to.include("does not hold");
    expect(gateway.requests).to.deep.equal([]);
    await runCommand([...verify, "--keep-fetched"], environment);
    const kept = await runCommand([...verify, "--offline", "--json"], environment);
    const { verdict, warnings } = JSON.parse(kept.stdout) as { verdict: string; warnings: string[] };
    expect({ verdict, count: warnings.length }).to.deep.equal({ verdict: "verified", count: 1 });
    expect(warnings[0]).to.include("No creators are named");
  });

  it("warns of a gateway that lies, by name, and could not check where all do", async function () {
    const { args, environment, path, gateway, links, content } = await publish({ "w.bin": "weights 2" });
    const liar = await startGateway([...links, ...content], "wrong bytes");
    const two = { ...environment, IPFS_GATEWAYS: `${liar.url},${gateway.url}` };
    const fetched = await runCommand(args, two);
    expect(fetched.exitCode).to.equal(0);
    expect(fetched.stderr).to.include(`warning: The gateway ${liar.url} answers with other bytes`);
    const onlyLiar = await runCommand(["verify", path, "--gateway", liar.url, "--only", "w.bin"], {
      ...environment,
      TOKEN_ID: args[1] as string,
    });
    expect(onlyLiar.exitCode, onlyLiar.stdout).to.equal(4);
    expect(onlyLiar.stdout).to.include("COULD NOT CHECK");
  });

  it("answers with the exit codes of the other verbs", async function () {
    const { args, environment, path } = await publish({ "w.bin": "weights 3" });
    const [, token] = args as [string, string, string];
    const runs: [string[], number][] = [
      [["fetch", token], 2],
      [["fetch", "7", path], 3],
      [[...args, "--offline"], 4],
      [[...args, "--gateway", "ftp://x"], 2],
      [[...args, "--only", "none"], 2],
    ];
    await Promise.all(
      runs.map(async ([words, expected]) => {
        const { exitCode, stdout } = await runCommand(words, environment);
        expect({ exitCode, stdout }, words.join(" ")).to.deep.equal({ exitCode: expected, stdout: "" });
      }),
    );
    expect(await readFile(path).catch((error: NodeJS.ErrnoException) => error.code)).to.equal("ENOENT");
  });
});
