import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { type JsonRpcProvider, type JsonRpcSigner } from "ethers";
import { openRegistry } from "../../src/registry/registry.ts";
import { mintModel } from "../../src/publish/mint-model.ts";
import { prepareModel } from "../../src/publish/prepare-model.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { IdentityRegistryMock__factory } from "../../typechain-types/factories/contracts/mocks/IdentityRegistryMock__factory.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { type CommandResult, runCommand } from "../helpers/run-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { nodeAt } from "../helpers/node-at.ts";

const CHAIN_ID = 31337;

describe("a gate, as a process", function () {
  const temporary = useTemporaryFolder();
  let chain: Awaited<ReturnType<typeof startChain>>;
  let signer: JsonRpcSigner;
  let address: string;
  let provider: JsonRpcProvider;

  before(async function () {
    chain = await startChain(CHAIN_ID);
    provider = nodeAt(chain.url, CHAIN_ID);
    signer = await provider.getSigner();
    const factory = new ModelProvenanceNFT__factory(signer);
    const { address: account } = signer;
    const contract = await factory.deploy("Models", "MODEL", account, account, account, account, 0n);
    await contract.waitForDeployment();
    address = await contract.getAddress();
  });

  after(async function () {
    provider.destroy();
    await chain.close();
  });

  async function publish(files: Record<string, string>) {
    const modelPath = await temporary.write("model", files);
    const registry = await openRegistry(provider, address, signer);
    const store = new LocalStore(temporary.path("store"));
    const context = { registry, signer, store, warn: () => undefined, confirm: async () => undefined };
    const prepared = await prepareModel({ modelPath, statements: { version: "1.0.0", license: "MIT" } }, context);
    const minted = await mintModel(prepared, context);
    await temporary.write(".", {
      "registries.yaml": `schemaVersion: "1.0"\nregistries:\n  - { chain: localhost, address: ${address} }\n`,
      "policy.yaml": `schemaVersion: "1.0"\ncreators: [${signer.address}]\nlicenses: { allow: [MIT] }\n`,
    });
    const verify = async (
      args: string[],
      environment: Record<string, string> = {},
      paths = [modelPath],
    ): Promise<CommandResult> =>
      runCommand(["verify", ...paths, ...args], {
        MODEL_REGISTRIES: temporary.path("registries.yaml"),
        LOCALHOST_RPC_URL: chain.url,
        STORE_PATH: temporary.path("store"),
        ...environment,
      });
    return { modelPath, verify, registry, tokenId: minted.record.tokenId };
  }

  it("ends with each of its codes, and says success only with 0", async function () {
    const { verify, modelPath, registry, tokenId } = await publish({ "w.onnx_data": "gate", "config.json": "{}" });
    const policy = ["--policy", temporary.path("policy.yaml")];
    const expectExit = (result: CommandResult, exitCode: number) => {
      const said = `${result.stdout}\n${result.stderr}`;
      expect(result.exitCode, said).to.equal(exitCode);
      if (exitCode !== 0) expect(said).to.not.match(/\bverified\b|VERIFIED|PASSED/);
    };
    expectExit(await verify([...policy, "--write-lock", temporary.path("model.lock.json")]), 0);
    expectExit(await verify(["--format", "xml"]), 2);
    expectExit(await verify([...policy, "--registries", temporary.path("policy.yaml")]), 2);
    expectExit(await verify(policy, { LOCALHOST_RPC_URL: "http://127.0.0.1:1" }), 4);
    expectExit(await verify(["--creators", `0x${"12".repeat(20)}`]), 5);
    const lock = ["--lock", temporary.path("model.lock.json")];
    expectExit(await verify([...lock, ...policy], { MODEL_REGISTRIES: "", LOCALHOST_RPC_URL: "" }), 0);

    await writeFile(`${modelPath}/w.onnx_data`, "changed");
    expectExit(await verify(policy), 3);
    expectExit(await verify([...policy, "--token", `0x${tokenId.toString(16).padStart(64, "0")}`]), 1);
    expectExit(await verify(lock, { MODEL_REGISTRIES: "" }), 1);
    await writeFile(`${modelPath}/w.onnx_data`, "gate");
    await registry.contract.setStatus(tokenId, 2n, "poisoned");
    expectExit(await verify(policy), 5);
  });

  it("judges the model that an agent names by the same registries and policy, and asks a node of the agent's chain", async function () {
    const { verify, tokenId } = await publish({ "w.onnx_data": "an agent's" });
    const identities = await new IdentityRegistryMock__factory(signer).deploy();
    const endpoint = `eip155:${CHAIN_ID}:${address}/0x${tokenId.toString(16).padStart(64, "0")}`;
    const file = JSON.stringify({ services: [{ name: "model-provenance", endpoint }] });
    await (await identities["register(string)"](`data:application/json,${encodeURIComponent(file)}`)).wait();
    const agent = `eip155:${CHAIN_ID}:${await identities.getAddress()}/0`;
    const ask = async (named: string, args: string[], environment: Record<string, string> = {}) => {
      return verify(["--agent", named, ...args], environment, []);
    };
    const judged = await ask(agent, ["--policy", temporary.path("policy.yaml"), "--format", "github"]);
    expect(judged.exitCode, judged.stderr).to.equal(0);
    expect(judged.stdout).to.include(`The owner of the agent ${agent} says that it runs this model`);
    expect((await ask(agent, ["--creators", `0x${"12".repeat(20)}`])).exitCode).to.equal(5);
    const elsewhere = agent.replace(`:${CHAIN_ID}:`, ":5:");
    const unknown = await ask(elsewhere, []);
    expect(unknown.exitCode).to.equal(2);
    expect(unknown.stderr).to.include("The agent is on chain 5, and no node of it is known");
    const silent = await ask(elsewhere, ["--rpc-url", "http://127.0.0.1:1", "--json"]);
    expect(silent.exitCode, silent.stderr).to.equal(4);
    expect(silent.stdout).to.include("The agent's chain could not be asked");
  });

  it("prints nothing where it is interrupted, and ends as shells tell it with 130", async function () {
    const modelPath = await temporary.write("model", { "w.onnx_data": "interrupted" });
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const environment = { RPC_URL: `http://127.0.0.1:${port}`, MODEL_PROVENANCE_ADDRESS: address };
    // The interruption comes when the node was asked and has not answered.
    const result = await runCommand(["verify", modelPath], environment, undefined, async (interrupt) => {
      await once(silent, "connection");
      interrupt();
    });
    silent.close();
    expect(result.exitCode === 130 || result.signal === "SIGINT", result.stderr).to.equal(true);
    expect(result.stdout).to.equal("");
  });

  it("writes GitHub's files, and lineage draws what it recorded", async function () {
    const { verify, modelPath } = await publish({ "w.onnx_data": "drawn" });
    const [summary, output] = [temporary.path("summary"), temporary.path("output")];
    const result = await verify(["--format", "github", "--creators", signer.address], {
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_OUTPUT: output,
    });
    expect(result.stdout).to.equal(
      `::notice title=VERIFIED::Exactly these files were recorded by ${signer.address}. (exit 0)`,
    );
    expect(await readFile(summary, "utf8")).to.include("VERIFIED");
    expect(await readFile(output, "utf8")).to.include(signer.address);

    const environment = {
      MODEL_REGISTRIES: temporary.path("registries.yaml"),
      LOCALHOST_RPC_URL: chain.url,
      STORE_PATH: temporary.path("store"),
    };
    const svg = temporary.path("lineage.svg");
    const drawn = await runCommand(["lineage", modelPath, "--format", "svg", "--out", svg], environment);
    expect(drawn.exitCode, drawn.stderr).to.equal(0);
    expect(await readFile(svg, "utf8")).to.match(/^<svg /);
    const shown = await runCommand(["show", modelPath, "--json"], environment);
    expect(shown.exitCode, shown.stderr).to.equal(0);
    const { record, metadata, signed } = JSON.parse(shown.stdout) as Record<string, { creator: string; name: string }>;
    expect(record?.creator).to.equal(signer.address);
    expect(metadata?.name).to.equal("model");
    expect(signed).to.equal(true);
    const human = await runCommand(["show", modelPath], environment);
    expect(human.stdout).to.include("METADATA").and.include("OWNERS");
    const none = await runCommand(["show", "12345"], environment);
    expect(none).to.include({ exitCode: 3, stdout: "" });
  });
});
