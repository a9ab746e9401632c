import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { startRpcProxy } from "../faults/helpers/rpc-proxy.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { type ScriptResult, runHardhat, runScript } from "../helpers/run-script.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { nodeAt } from "../helpers/node-at.ts";

const ROOT = join(import.meta.dirname, "../..");
const LOCAL = 31337; // Ignition's command notes which node of this chain it saw last, and of no other.
const NOTES = join(ROOT, "cache/.hardhat-network-instances.json");
const REGISTRY = "ModelProvenanceNFT#ModelProvenanceNFT";
const FACTORY = "RoyaltySplitterFactory#RoyaltySplitterFactory";

describe("deployments on a local node", function () {
  const temporary = useTemporaryFolder();
  const ends: (() => Promise<void>)[] = [];
  let notes: Buffer | undefined;
  let url: string;
  let ignition: string;

  beforeEach(async function () {
    notes = await readFile(NOTES).catch(() => undefined); // They are of the nodes of who runs the tests.
    await rm(NOTES, { force: true });
    ignition = temporary.path("ignition");
    await cp(join(ROOT, "ignition"), ignition, { recursive: true, filter: (path) => !path.endsWith("/deployments") });
    await symlink(join(ROOT, "node_modules"), temporary.path("node_modules")); // The copied modules import from there.
    url = await start();
  });

  afterEach(async function () {
    await Promise.all(ends.splice(0).map(async (end) => end()));
    await (notes === undefined ? rm(NOTES, { force: true }) : writeFile(NOTES, notes));
  });

  async function start(): Promise<string> {
    const chain = await startChain(LOCAL);
    ends.push(chain.close);
    return chain.url;
  }

  const environment = (node = url) => ({
    LOCALHOST_RPC_URL: node,
    IGNITION_PATH: ignition,
    HARDHAT_IGNITION_CONFIRM_DEPLOYMENT: "true",
  });
  const deploy = async (more: Record<string, string> = {}) =>
    runScript("deploy", "localhost", { ...environment(), ...more });
  const deployModule = async (name: string) => {
    const module = join(ignition, "modules", `${name}.ts`);
    return runHardhat(["ignition", "deploy", module, "--network", "localhost"], environment());
  };
  const recorded = async () => {
    const path = join(ignition, `deployments/chain-${LOCAL}/deployed_addresses.json`);
    return JSON.parse(await readFile(path, "utf8")) as Record<string, string>;
  };
  /** How many contracts the first account has made. */
  const countDeployed = async () => {
    const provider = nodeAt(url, LOCAL);
    const count = await provider.getTransactionCount("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266");
    provider.destroy();
    return count;
  };

  it("keep the registry when a module is deployed by Ignition's command, and the other way round", async function () {
    expectDone(await deploy());
    const { [REGISTRY]: address } = await recorded();
    await rm(NOTES, { force: true }); // As if Ignition had never seen this node.
    const second = await deployModule("RoyaltySplitterFactory");
    expectDone(second);
    expect(second.stdout).to.not.match(/Compil/);
    const both = await recorded();
    expect(both[REGISTRY]).to.equal(address);
    expect(Object.keys(both).toSorted()).to.deep.equal([REGISTRY, FACTORY].toSorted());
    const again = await deploy({ DEPLOY_SPLITTER_FACTORY: "1" });
    expectDone(again);
    expect(again.stdout).to.equal(address);
    expect(again.stderr.match(/there already/g)).to.have.length(2);
    expect(await recorded()).to.deep.equal(both);
  });

  it("are made once where the first run was killed after the node took the transaction", async function () {
    const proxy = await startRpcProxy(url);
    ends.push(proxy.close);
    const hardhat = join(ROOT, "node_modules/hardhat/dist/src/cli.js");
    const { PATH = "", HOME = "" } = process.env;
    const child: ChildProcess = spawn(
      process.execPath,
      [hardhat, "run", "--no-compile", "scripts/deploy.ts", "--network", "localhost"],
      { cwd: ROOT, env: { PATH, HOME, ...environment(proxy.url) }, stdio: "ignore" },
    );
    proxy.intercept = async (call, forward) => {
      const answer = await forward();
      if (!call.method.startsWith("eth_send")) return answer;
      child.kill("SIGKILL");
      return new Promise<never>(() => undefined);
    };
    expect(await once(child, "exit")).to.deep.equal([null, "SIGKILL"]);
    expect(await countDeployed()).to.equal(1);
    const again = await deploy();
    expectDone(again);
    expect(again.stdout).to.equal((await recorded())[REGISTRY]);
    expect(await countDeployed()).to.equal(1);
  });

  it("are forgotten when the node was restarted, also where another contract has the address now", async function () {
    expectDone(await deploy());
    const { [REGISTRY]: address } = await recorded();
    url = await start();
    const elsewhere = { ...environment(), IGNITION_PATH: temporary.path("other") };
    await cp(join(ignition, "modules"), temporary.path("other/modules"), { recursive: true });
    const module = temporary.path("other/modules/RoyaltySplitterFactory.ts");
    expectDone(await runHardhat(["ignition", "deploy", module, "--network", "localhost"], elsewhere));
    const again = await deploy();
    expectDone(again);
    expect(again.stderr).to.include("restarted");
    expect(again.stdout).to.not.equal(address);
    expect(Object.values(await recorded())).to.deep.equal([again.stdout]);
  });

  it("hold what stands beside the registry, each by an option, and say what was done", async function () {
    const both = await deploy({ DEPLOY_RENDERER: "1", DEPLOY_SPLITTER_FACTORY: "1" });
    expectDone(both);
    const addresses = await recorded();
    expect(both.stdout).to.equal(addresses[REGISTRY]);
    for (const address of Object.values(addresses)) expect(both.stderr).to.include(`deployed, ${address}`);
    expect(Object.keys(addresses)).to.include.members([FACTORY, "ModelRenderer#ModelRenderer"]);
  });

  it("are shown by a dry run, which sends nothing", async function () {
    const dry = await deploy({ DRY_RUN: "1" });
    expectDone(dry);
    expect(dry.stderr).to.include("worst cost").and.to.include("ModelProvenanceNFT");
    expect(await countDeployed()).to.equal(0);
  });
});

function expectDone({ exitCode, stdout, stderr }: ScriptResult): void {
  expect(exitCode, `${stdout}\n${stderr}`).to.equal(0);
}
