import { writeFile } from "node:fs/promises";
import { Wallet, encryptKeystoreJsonSync } from "ethers";
import { expect } from "chai";
import { runStatusSet } from "../../src/cli/run/status.ts";
import { connectJsonRpcSender } from "../../src/cli/json-rpc-signer.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { toHex32 } from "../../src/base/hex.ts";
import { errorCode } from "../helpers/error-code.ts";
import { modelSubmission } from "../helpers/model-submissions.ts";
import { recordingTerminal } from "../helpers/recording-terminal.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";

// A development chain that says it is Sepolia: commands take it for public.
const SEPOLIA = 11155111;
// The first account of every development chain; its key is public knowledge.
const KEY = "0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("consent to a change of a registry", function () {
  const temporary = useTemporaryFolder();
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let id: string;

  before(async function () {
    served = await serveRegistry(SEPOLIA);
    const submission = modelSubmission("model");
    id = toHex32(BigInt(submission.modelDigest));
    await (await served.registry.contract.mintProvenanceNFT(served.minter, submission)).wait();
  });

  after(async function () {
    await served.close();
  });

  const environment = () => ({
    RPC_URL: served.url,
    MODEL_PROVENANCE_ADDRESS: served.registry.address,
    PRIVATE_KEY: KEY,
  });
  const status = async () => (await readModelRecord(served.registry, BigInt(id)))?.status;

  /** Runs `status set` as on a terminal on which somebody answers. */
  async function answer(yes: boolean, options: { format?: "json" } = {}) {
    const { terminal, notes } = recordingTerminal();
    const questions: string[] = [];
    const ask = async (question: string) => {
      questions.push(question);
      return yes;
    };
    const { RPC_URL: rpcUrl, MODEL_PROVENANCE_ADDRESS: registryAddress } = environment();
    const at = { rpcUrl, registryAddress, tokenId: id, newStatus: "deprecated" as const, ...options };
    const interactive = { ...terminal, interactive: true, ask };
    const connection = await connectJsonRpcSender(at, { PRIVATE_KEY: KEY }, interactive);
    const code = await errorCode(async () => runStatusSet(at, connection, interactive));
    return { code, questions, notes: notes.join("\n") };
  }

  it("is missing where nobody can be asked: nothing is done and no result is printed", async function () {
    for (const args of [
      ["status", "set", id, "revoked"],
      ["status", "set", id, "revoked", "--json"],
      ["roles", "grant", "minter", served.registry.address],
      ["validator", "set", served.registry.address],
    ]) {
      const { exitCode, stdout, stderr } = await runCommand(args, environment());
      expect(exitCode, args.join(" ")).to.equal(2);
      if (args.includes("--json")) {
        expect(JSON.parse(stdout)).to.nested.include({ schemaVersion: "1.0", "error.code": "CONFIRMATION_MISSING" });
      } else expect(stdout).to.equal("");
      expect(stderr).to.include("CONFIRMATION_MISSING").and.to.include("--yes").and.to.include("--dry-run");
    }
    expect(await status()).to.equal("active");
  });

  it("is asked for on a terminal, after the consequences, and never for JSON", async function () {
    const declined = await answer(false);
    expect(declined.code).to.equal("CONFIRMATION_MISSING");
    expect(declined.questions).to.deep.equal(["Deprecate it?"]);
    expect(declined.notes).to.include("verifiers warn of it").and.to.include("worst cost");
    expect(await status()).to.equal("active");
    expect(await answer(true, { format: "json" })).to.deep.include({ code: "CONFIRMATION_MISSING", questions: [] });
    expect((await answer(true)).code).to.equal("no error");
    expect(await status()).to.equal("deprecated");
  });

  it("is given beforehand by --yes, with a private key or a keystore", async function () {
    const lifted = await runCommand(["status", "set", id, "active", "--yes", "--json"], environment());
    expect(lifted.exitCode, lifted.stderr).to.equal(0);
    expect(await status()).to.equal("active");

    const keystore = temporary.path("key.json");
    const password = temporary.path("password");
    await writeFile(keystore, encryptKeystoreJsonSync(new Wallet(KEY), "secret", { scrypt: { N: 2 } }));
    await writeFile(password, "secret\n");
    const { RPC_URL, MODEL_PROVENANCE_ADDRESS } = environment();
    const deprecated = await runCommand(["status", "set", id, "deprecated", "--keystore", keystore], {
      RPC_URL,
      MODEL_PROVENANCE_ADDRESS,
      KEYSTORE_PASSWORD_FILE: password,
      YES: "1",
    });
    expect(deprecated.exitCode, deprecated.stderr).to.equal(0);
    expect(await status()).to.equal("deprecated");
  });

  it("is not what a key of somebody else can give", async function () {
    const stranger = Wallet.createRandom().privateKey;
    const { exitCode, stdout, stderr } = await runCommand(["status", "set", id, "revoked", "--yes"], {
      ...environment(),
      PRIVATE_KEY: stranger,
    });
    expect({ exitCode, stdout }).to.deep.equal({ exitCode: 6, stdout: "" });
    expect(stderr).to.include("neither owner nor creator").and.not.to.include(stranger.slice(2));
  });

  it("needs an account that can pay, a node that answers, and its chain", async function () {
    const poor = Wallet.createRandom();
    await (
      await served.registry.contract.grantRole(await served.registry.contract.CURATOR_ROLE(), poor.address)
    ).wait();
    const args = ["status", "set", id, "revoked", "--yes"];
    const unpaid = await runCommand(args, { ...environment(), PRIVATE_KEY: poor.privateKey });
    expect([unpaid.exitCode, unpaid.stdout], unpaid.stderr).to.deep.equal([6, ""]);
    expect((await runCommand([...args, "--chain-id", "1"], environment())).exitCode).to.equal(2);
    const gone = await runCommand(args, { ...environment(), RPC_URL: "http://127.0.0.1:1" });
    expect([gone.exitCode, gone.stdout]).to.deep.equal([4, ""]);
    expect(await status()).to.equal("deprecated");
  });
});
