import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { readZip } from "../../src/base/zip-archive.ts";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { expect } from "chai";
import { type BaseWallet, type JsonRpcProvider, Wallet, parseEther, toQuantity } from "ethers";
import { toSubmission } from "../../src/registry/to-submission.ts";
import { openRegistry } from "../../src/registry/registry.ts";
import { pinMetadata } from "../../src/publish/pin-metadata.ts";
import { prepareModel } from "../../src/publish/prepare-model.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { ModelProvenanceNFT__factory } from "../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { startChain } from "../helpers/json-rpc-server.ts";
import { runCommand } from "../helpers/run-command.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { nodeAt } from "../helpers/node-at.ts";

interface Node {
  readonly url: string;
  readonly close: () => Promise<void>;
}

const NODES: Record<string, { command?: string; install?: string; start: (folder: string) => Promise<Node> }> = {
  Hardhat: { start: async () => startChain(31337) },
  anvil: {
    command: "anvil",
    install: "npm install -g @foundry-rs/anvil",
    start: async () => startProcess("anvil", ["--port", "0"], /Listening on (127\.0\.0\.1:\d+)/),
  },
  geth: {
    command: "geth",
    install: "go install github.com/ethereum/go-ethereum/cmd/geth",
    start: async (folder) =>
      startProcess(
        "geth",
        ["--dev", "--datadir", join(folder, "geth"), "--http", "--http.port", "0", "--ipcdisable", "--nodiscover"],
        /HTTP server started\s+endpoint=(127\.0\.0\.1:\d+)/,
      ),
  },
};

describe("a pack from", function () {
  const temporary = useTemporaryFolder();

  for (const [name, { command, install, start }] of Object.entries(NODES)) {
    it(`${name} is checked when the node is gone`, async function () {
      if (command !== undefined && !isInstalled(command)) {
        console.log(`      skipped: there is no ${command} on the PATH (${install})`);
        this.skip();
      }
      const model = await temporary.write("model", { "model.bin": "weights", "config.json": "{}" });
      const pack = temporary.path("model.pack.json");
      const STORE_PATH = temporary.path("store");

      const node = await start(temporary.path());
      const exported = await publish(node.url, model, STORE_PATH)
        .then(async ({ contract, tokenId }) => {
          const place = ["--contract", contract, "--rpc-url", node.url];
          await proveBundle(tokenId, temporary.path("model.zip"), place, STORE_PATH);
          return {
            contract,
            ...(await runCommand(["export", "pack", tokenId, pack, ...place, "--json"], { STORE_PATH })),
          };
        })
        .finally(node.close);
      expect(exported.exitCode, exported.stderr).to.equal(0);

      const { blockHash } = JSON.parse(exported.stdout) as { blockHash: string };
      const verify = (hash: string) =>
        runCommand(["verify", model, "--pack", pack, "--block-hash", hash, "--contract", exported.contract]);
      const verified = await verify(blockHash);
      expect(verified.exitCode, verified.stderr).to.equal(0);
      expect(verified.stdout).to.include("VERIFIED");
      const elsewhere = await verify(`0x${"12".repeat(32)}`);
      expect({ exitCode: elsewhere.exitCode, stdout: elsewhere.stdout }).to.deep.equal({ exitCode: 2, stdout: "" });
      await writeFile(join(model, "model.bin"), "tampered");
      const tampered = await verify(blockHash);
      expect(tampered.exitCode).to.equal(1);
      expect(tampered.stdout).to.include("MISMATCH").and.not.include("VERIFIED");
    });
  }
});

/** A bundle carries a pack too: it is proved again from the node's own hash of its block, and nothing in it may be another. */
async function proveBundle(tokenId: string, path: string, place: string[], STORE_PATH: string): Promise<void> {
  const run = async (flag: string) => runCommand(["export", "bundle", tokenId, flag, path, ...place], { STORE_PATH });
  const written = await run("--out");
  expect(written.exitCode, written.stderr).to.equal(0);
  const archive = await readFile(path);
  const pack = readZip(archive)?.find(({ name }) => name === "record.pack.json");
  expect(pack?.bytes.length).to.be.greaterThan(1000);
  const checked = await run("--check");
  expect(checked.exitCode, checked.stderr).to.equal(0);
  const at = archive.indexOf(pack?.bytes ?? "") + 600;
  archive[at] = archive[at] === 48 ? 49 : 48;
  await writeFile(path, archive);
  expect((await run("--check")).exitCode).not.to.equal(0);
}

/** Deploys a registry and records a model, with a key that the node does not know. */
async function publish(url: string, modelPath: string, storePath: string) {
  const provider = nodeAt(url);
  try {
    const account = Wallet.createRandom(provider);
    await fund(provider, account);
    const roles = [account, account, account, account] as const;
    const deployed = await new ModelProvenanceNFT__factory(account).deploy("Models", "MODEL", ...roles, 500);
    await deployed.waitForDeployment();
    const registry = await openRegistry(provider, await deployed.getAddress(), account);
    const request = { modelPath, statements: { license: "Apache-2.0" } };
    const { built } = await prepareModel(request, { registry, signer: account, warn: () => undefined });
    await pinMetadata(built, new LocalStore(storePath));
    const submission = toSubmission(built.metadata.provenance, built.metadataDigest, () => undefined);
    await (await registry.contract.mintProvenanceNFT(account, submission)).wait();
    return { contract: registry.address, tokenId: built.metadata.provenance.modelDigest };
  } finally {
    provider.destroy();
  }
}

async function fund(provider: JsonRpcProvider, { address }: BaseWallet): Promise<void> {
  const [from] = (await provider.send("eth_accounts", [])) as string[];
  const hash = (await provider.send("eth_sendTransaction", [
    { from, to: address, value: toQuantity(parseEther("10")) },
  ])) as string;
  await provider.waitForTransaction(hash);
}

/** Starts a node and waits until it says where it listens. */
async function startProcess(command: string, args: readonly string[], listening: RegExp): Promise<Node> {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
  const close = async () => stop(child);
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`${command} ended with ${code}`)));
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on("line", (line) => {
        const [, address] = listening.exec(line) ?? [];
        if (address !== undefined) resolve(address);
      });
    }
  });
  return { url: `http://${endpoint}`, close };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  // The whole group: the command may be a wrapper around the binary.
  process.kill(-(child.pid as number), "SIGKILL");
  await ended;
}

function isInstalled(command: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, command)));
}
