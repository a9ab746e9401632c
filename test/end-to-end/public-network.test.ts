import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startChain } from "../helpers/json-rpc-server.ts";
import { type ScriptResult, runScript } from "../helpers/run-script.ts";

// A development chain that says it is Sepolia: the scripts take it for public.
const SEPOLIA = 11155111;
// The first account of every development chain; its key is public knowledge.
const ADMIN = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const KEY = "ac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80";

describe("scripts on a public network", function () {
  let folder: string;
  let url: string;
  let close: () => Promise<void>;
  let environment: Record<string, string>;
  let parameters: string;

  before(async function () {
    ({ url, close } = await startChain(SEPOLIA));
    folder = await mkdtemp(join(tmpdir(), "model-provenance-"));
    const model = join(folder, "weights.bin");
    await writeFile(model, "a model of one file");
    environment = {
      MODEL_PATH: model,
      STORE_PATH: join(folder, "store"),
      STATE_PATH: join(folder, "state"),
      SEPOLIA_RPC_URL: url,
      IGNITION_PATH: join(folder, "ignition"),
    };
    parameters = join(folder, "parameters.json");
    await writeFile(parameters, JSON.stringify({ ModelProvenanceNFT: { admin: ADMIN, minter: ADMIN } }));
  });

  after(async function () {
    await close();
    await rm(folder, { recursive: true });
  });

  const run = async (verb: string, more: Record<string, string> = {}) =>
    runScript(verb, "sepolia", { ...environment, ...more });

  it("says in one line which variable is missing", async function () {
    expectOneLine(await run("mint", { SEPOLIA_RPC_URL: "" }), "OPTION_MISSING", "SEPOLIA_RPC_URL");
    expectOneLine(await run("mint"), "OPTION_MISSING", "SEPOLIA_PRIVATE_KEY");
    expectOneLine(await run("mint", { SEPOLIA_PRIVATE_KEY: "" }), "OPTION_MISSING", "SEPOLIA_PRIVATE_KEY");
  });

  it("says that a key is malformed, and never prints it", async function () {
    const bad = KEY.slice(0, 60);
    const result = await run("mint", { SEPOLIA_PRIVATE_KEY: bad });
    expectOneLine(result, "OPTION_MISSING", "SEPOLIA_PRIVATE_KEY");
    expect(result.stderr + result.stdout).not.to.include(bad);
  });

  it("refuses a node of another chain", async function () {
    const other = await startChain(1337);
    try {
      expectOneLine(await run("verify", { SEPOLIA_RPC_URL: other.url }), "CHAIN_MISMATCH", "11155111");
    } finally {
      await other.close();
    }
  });

  it("answers that it could not check when the node does not answer", async function () {
    const gone = await startChain(SEPOLIA);
    await gone.close();
    const result = await run("verify", { SEPOLIA_RPC_URL: gone.url });
    expect(result.exitCode).to.equal(4);
    expect(result.stdout).not.to.include("VERIFIED");
  });

  it("deploys only with an admin that was named and an answer that was given", async function () {
    const key = { SEPOLIA_PRIVATE_KEY: KEY };
    const unedited = await run("deploy", key);
    expectOneLine(unedited, "OPTION_MISSING", "names no admin");
    expect(unedited.stderr).to.include("ignition/parameters/sepolia.json").and.to.include('"admin"');
    const named = { ...key, DEPLOY_PARAMETERS: parameters };
    const asked = await run("deploy", named);
    expect(asked).to.include({ exitCode: 2, stdout: "" });
    expect(asked.stderr).to.match(/^error\[CONFIRMATION_MISSING\]: .*YES=1/m);
    for (const row of [
      `signer +${ADMIN}, balance \\d`,
      "worst cost +0\\.\\d+ ether",
      `admin +${ADMIN}`,
      `minter +${ADMIN}`,
      "curator +nobody",
    ])
      expect(asked.stderr).to.match(new RegExp(`^${row}`, "m"));
    expectRefused(await run("deploy", { ...named, YES: "1", MAX_COST: "0.000001" }), "COST_TOO_HIGH");
    const deployed = await run("deploy", { ...named, YES: "1" });
    expect(deployed.exitCode, deployed.stderr).to.equal(0);
    const recorded = JSON.parse(
      await readFile(join(folder, `ignition/deployments/chain-${SEPOLIA}/deployed_addresses.json`), "utf8"),
    ) as object;
    expect(Object.values(recorded)).to.deep.equal([deployed.stdout]);
  });

  it("mints only with an answer and a store that was named, and verifies without a key", async function () {
    const key = { SEPOLIA_PRIVATE_KEY: KEY };
    expectOneLine(await run("mint", key), "CONFIRMATION_MISSING", "YES=1");
    expectOneLine(await run("mint", { ...key, YES: "1" }), "STORE_NOT_PUBLIC", "STORE=local");
    const minted = await run("mint", { ...key, YES: "1", STORE: "local" });
    expect(minted.exitCode, minted.stderr).to.equal(0);
    expect(minted.stderr).to.include("worst cost").and.to.include("public for ever");

    const verified = await run("verify");
    expect(verified.exitCode, verified.stderr).to.equal(0);
    expect(verified.stdout).to.include("VERIFIED");
  });
});

function expectRefused({ stderr, exitCode }: ScriptResult, code: string): void {
  expect(exitCode, stderr).to.equal(6);
  expect(stderr).to.match(new RegExp(`^error\\[${code}\\]: [^\\n]*$`, "m"));
}

function expectOneLine(result: ScriptResult, code: string, text: string): void {
  expect(result.stderr).to.match(new RegExp(`^error\\[${code}\\]: [^\\n]*$`));
  expect(result.stderr).to.include(text);
  expect(result.exitCode).to.equal(2);
  expect(result.stdout).to.equal("");
}
