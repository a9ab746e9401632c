import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, truncate, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { expect } from "chai";
import { trainIris } from "../../examples/iris/train.ts";
import { fineTuneIris } from "../../examples/iris/fine-tune.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { BIN } from "../helpers/built-command.ts";
import { runCommand } from "../helpers/run-command.ts";
import { runScript } from "../helpers/run-script.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

describe("model-provenance", function () {
  const temporary = useTemporaryFolder();

  it("shows its help, its verbs with examples, and its version", async function () {
    const help = await runCommand(["--help"]);
    expect(help.exitCode).to.equal(0);
    for (const verb of ["hash", "verify", "fetch", "lineage", "oms sign", "oms verify"]) {
      expect(help.stdout).to.include(verb.split(" ")[0]);
      const { exitCode, stdout } = await runCommand([...verb.split(" "), "--help"]);
      expect(exitCode).to.equal(0);
      expect(stdout)
        .to.match(/^Usage: model-provenance /)
        .and.to.include("Examples:");
    }
    expect((await runCommand(["--version"])).stdout).to.match(/^\d+\.\d+\.\d+$/);
  });

  it("answers with 2 to what it does not know, and prints nothing as a result", async function () {
    for (const args of [
      [],
      ["hsah"],
      ["hash", "--bogus"],
      ["hash", "a", "b"],
      ["hash"],
      ["hash", "x", "--format", "xml"],
    ]) {
      const { exitCode, stdout, stderr } = await runCommand(args);
      expect({ exitCode, stdout }, args.join(" ")).to.deep.equal({ exitCode: 2, stdout: "" });
      expect(stderr).to.not.equal("");
    }
  });

  it("shows a group's help and a verb's, however they are asked for", async function () {
    const [group, ...others] = await Promise.all(
      [["roles"], ["roles", "--help"], ["help", "roles"]].map(async (args) => runCommand(args)),
    );
    expect(group).to.include({ exitCode: 0 });
    expect(group?.stdout).to.include("roles grant").and.not.to.include("gate serve");
    for (const other of others) expect(other).to.deep.equal(group);
    expect(await runCommand(["help", "verify"])).to.deep.equal(await runCommand(["verify", "--help"]));
  });

  it("names what is nearest, in three lines", async function () {
    for (const [args, meant] of [
      [["verfy", "."], "Did you mean verify?"],
      [["status", "sett", "0x01"], "Did you mean status set?"],
      [["--verbose", "hash", "."], "Options follow the verb: hash"],
      [["verify", ".", "--creators", "0x01", "0x02"], "--creators takes its values in one, with commas"],
      [["verify", ".", "--registires", "x"], "Did you mean --registries?"],
      [["verify", "0x2d6b"], "did you mean model-provenance show 0x2d6b?"],
    ] as const) {
      const { exitCode, stdout, stderr } = await runCommand([...args]);
      expect({ exitCode, stdout }, args.join(" ")).to.deep.equal({ exitCode: 2, stdout: "" });
      expect(stderr).to.include(meant);
      expect(stderr.trim().split("\n").length, stderr).to.be.at.most(3);
    }
  });

  it("answers every error with one document where JSON is wanted", async function () {
    for (const [args, environment, code, exitCode] of [
      [["hsah", "--json"], {}, "OPTION_INVALID", 2],
      [["hash", "--json"], {}, "OPTION_MISSING", 2],
      [["hash", "none", "--format=json"], {}, "MODEL_NOT_FOUND", 2],
      [["hash", "none"], { OUTPUT_FORMAT: "json" }, "MODEL_NOT_FOUND", 2],
      [["verify", ".", "--json", "--rpc-url", "http://127.0.0.1:9"], {}, "CHAIN_UNREACHABLE", 4],
    ] as const) {
      const answer = await runCommand([...args], environment);
      expect(answer.exitCode, answer.stderr).to.equal(exitCode);
      const { schemaVersion, error } = JSON.parse(answer.stdout) as { schemaVersion: string; error: object };
      expect(schemaVersion).to.equal("1.0");
      expect(error).to.include({ code, exitCode }).and.to.have.all.keys("code", "message", "exitCode");
    }
  });

  it("names an option in an error as it was given", async function () {
    const typed = await runCommand(["import", "--list", "none.txt", "--dry-run"]);
    expect(typed).to.include({ exitCode: 2 });
    expect(typed.stderr).to.include("--list none.txt does not exist");
    const set = await runCommand(["import", "--dry-run"], { HF_LIST: "none.txt" });
    expect(set.stderr).to.include("HF_LIST none.txt does not exist");
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const port = String((other.address() as AddressInfo).port);
    const byFlag = await runCommand(["web", "--port", port]);
    const byVariable = await runCommand(["web"], { SERVE_PORT: port });
    other.close();
    expect(byFlag.stderr).to.match(/EADDRINUSE\)\. Set --port\.$/m);
    expect(byVariable.stderr).to.match(/EADDRINUSE\)\. Set SERVE_PORT \(--port\)\.$/m);
  });

  it("goes on to its end where nobody reads what it prints", async function () {
    const folder = await temporary.write("model", { "a.txt": "a" });
    for (const [args, exitCode] of [
      [["hash", folder], 0],
      [["hash", `${folder}/none`], 2],
      [[], 2],
    ] as const) {
      const child = spawn(process.execPath, [BIN, ...args], { stdio: ["ignore", "pipe", "pipe"] });
      child.stdout.destroy();
      child.stderr.destroy();
      expect(await once(child, "exit"), args.join(" ")).to.deep.equal([exitCode, null]);
    }
  });

  it("hashes to one JSON document, by flag and by environment alike", async function () {
    const folder = await temporary.write("model", { "model.bin": "weights", "sub/config.json": "{}" });
    const { modelDigest, manifestRoot, weightsDigest, cid, resources } = await hashModel(folder, { withCid: true });
    const byFlag = await runCommand(["hash", folder, "--cid", "--json"]);
    expect(JSON.parse(byFlag.stdout)).to.deep.include({
      schemaVersion: "1.0",
      modelDigest,
      manifestRoot,
      weightsDigest,
      cid,
      resources,
    });
    const byEnvironment = await runCommand(["hash"], { MODEL_PATH: folder, WITH_CID: "1", OUTPUT_FORMAT: "json" });
    expect(byEnvironment.stdout).to.equal(byFlag.stdout);
    const negated = await runCommand(["hash", folder, "--no-cid", "--json"], { WITH_CID: "1" });
    expect(JSON.parse(negated.stdout)).to.not.have.property("cid");
  });

  it("ends when it is interrupted, and leaves nothing behind", async function () {
    const folder = await temporary.write("model", { "hole.bin": "" });
    await truncate(`${folder}/hole.bin`, 16 * 2 ** 30);
    const { signal, stdout } = await runCommand(["hash", folder], {}, (interrupt) => interrupt());
    expect({ signal, stdout }).to.deep.equal({ signal: "SIGINT", stdout: "" });
    expect(await readdir(folder)).to.deep.equal(["hole.bin"]);
  });

  it("compares two models tensor by tensor", async function () {
    await trainIris(temporary.path("v1"));
    await fineTuneIris(temporary.path("v1"), temporary.path("v2"));
    const { exitCode, stdout } = await runCommand(["lineage", "--tensors", temporary.path("v2"), temporary.path("v1")]);
    expect(exitCode).to.equal(0);
    expect(stdout).to.include("FINE-TUNE");
  });

  it("signs a model for other tools, and refuses a changed one", async function () {
    const folder = await temporary.write("model", { "model.bin": "weights" });
    const [key, publicKey, signature] = ["key.pem", "key.pub", "model.sig"].map((name) => temporary.path(name)) as [
      string,
      string,
      string,
    ];
    execFileSync("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key]);
    execFileSync("openssl", ["ec", "-in", key, "-pubout", "-out", publicKey], { stdio: "ignore" });
    const sign = await runCommand(["oms", "sign", folder, "--private-key", key, "--signature", signature]);
    expect(sign.exitCode, sign.stderr).to.equal(0);
    const verify = ["oms", "verify", folder, "--signature", signature, "--public-key", publicKey];
    expect((await runCommand(verify)).exitCode).to.equal(0);
    await writeFile(`${folder}/model.bin`, "changed");
    expect((await runCommand(verify)).exitCode).to.equal(1);
  });

  it("verifies against a node without Hardhat, key or compiler", async function () {
    const chain = await startChain(1337);
    try {
      const folder = await temporary.write("model", { "model.bin": "weights" });
      const environment = {
        LOCALHOST_RPC_URL: chain.url,
        RPC_URL: chain.url,
        IGNITION_PATH: temporary.path("ignition"),
        STORE_PATH: temporary.path("store"),
        STATE_PATH: temporary.path("state"),
        MODEL_PATH: folder,
      };
      const contract = (await runScript("deploy", "localhost", environment)).stdout;
      const minted = await runScript("mint", "localhost", { ...environment, MODEL_PROVENANCE_ADDRESS: contract });
      expect(minted.exitCode, minted.stderr).to.equal(0);

      const verified = await runCommand(["verify", folder, "--contract", contract, "--chain-id", "1337"], environment);
      expect(verified.exitCode, verified.stderr).to.equal(0);
      expect(verified.stdout).to.include("VERIFIED");
      const wrongChain = await runCommand(["verify", folder, "--contract", contract, "--chain-id", "1"], environment);
      expect(wrongChain.exitCode).to.equal(2);
      await writeFile(`${folder}/model.bin`, "tampered");
      const tampered = await runCommand(["verify", folder, "--contract", contract, "--json"], environment);
      expect(tampered.exitCode).to.equal(1);
      expect(JSON.parse(tampered.stdout)).to.include({ verdict: "mismatch", exitCode: 1 });
    } finally {
      await chain.close();
    }
  });
});
