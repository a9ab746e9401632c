// The main job from end to end, on a chain in this process and a store in a temporary folder: no network, no key.
// With --open both stay, and the page opens on them, until Ctrl-C.
import { rmSync } from "node:fs";
import { cp, mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { formatEther, parseEther } from "ethers";
import { fineTuneIris } from "../examples/iris/fine-tune.ts";
import { trainIris } from "../examples/iris/train.ts";
import ModelProvenanceModule from "../ignition/modules/ModelProvenanceNFT.ts";
import { type ChainConnection, connectRegistry } from "../src/cli/chain-connection.ts";
import { runMint } from "../src/cli/run/mint.ts";
import { runVerify } from "../src/cli/run/verify.ts";
import { EXIT } from "../src/cli/exit-codes.ts";
import { table } from "../src/cli/terminal.ts";
import { toHex32 } from "../src/base/hex.ts";
import { readLineage } from "../src/registry/lineage/read-lineage.ts";
import { hashModel } from "../src/model/hash-model.ts";
import { type ToldStory, ensurePage, showPage } from "./support/demo/show-page.ts";
import { chapter, expect, expectExit, storyTerminal } from "./support/demo/telling.ts";
import { connectHardhat } from "./support/hardhat-connection.ts";
import { runScript } from "./support/run-script.ts";

const terminal = storyTerminal();
const WEIGHTS = "model.safetensors";

const keepsPage = process.argv.includes("--open");

await runScript(async () => {
  if (keepsPage) await ensurePage();
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-demo-"));
  const stop = () => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(EXIT.interrupted);
  };
  process.once("SIGINT", stop);
  try {
    const told = await tellStory(folder);
    process.off("SIGINT", stop);
    if (keepsPage) return await showPage(told, terminal);
    console.log("Look at it in a browser: npm run demo -- --open keeps the chain and these files, and opens the page.");
    return EXIT.done;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

async function tellStory(folder: string): Promise<ToldStory> {
  const first = join(folder, "iris");
  const second = join(folder, "iris-v2");
  const storePath = join(folder, "store");
  const { network, connection } = await connectHardhat("send");

  chapter("Alice trains a model on Fisher's Iris data");
  const { heldOut } = await trainIris(first);
  console.log(`held-out accuracy, measured: ${heldOut.correct} of ${heldOut.total}`);
  const { modelDigest } = await hashModel(first);
  console.log(`its digest, and so its token id: ${modelDigest}`);

  chapter("She deploys a registry");
  const { registry: deployed } = await network.ignition.deploy(ModelProvenanceModule);
  const registryAddress = await deployed.getAddress();
  console.log(`ModelProvenanceNFT at ${registryAddress}`);
  const statePath = join(folder, "state");
  const publishing = { registryAddress, storePath, statePath, royaltyBasisPoints: 500 };

  chapter("She signs its metadata, pins it and mints it");
  const options = {
    ...publishing,
    modelPath: first,
    datasetPath: join(import.meta.dirname, "../examples/iris/data/iris.csv"),
  };
  expectExit("mint", await runMint({ ...options, version: "1.0.0" }, connection, terminal), EXIT.done);

  const verify = async (modelPath: string) =>
    runVerify({ modelPath, registryAddress, storePath }, connection, terminal);
  chapter("Bob holds the folder. He asks the chain what it is");
  expectExit("verify", await verify(first), EXIT.done);

  chapter("Mallory flips one bit of the weights");
  const tampered = join(folder, "iris-tampered");
  await cp(first, tampered, { recursive: true });
  await flipLastBit(join(tampered, WEIGHTS));
  expectExit("verify", await verify(tampered), EXIT.failed);

  chapter("Mallory renames a file so that the order, and with it the digest, stays the same");
  const renamed = join(folder, "iris-renamed");
  await cp(first, renamed, { recursive: true });
  await rename(join(renamed, "config.json"), join(renamed, "config.json.bak"));
  expectExit("verify", await verify(renamed), EXIT.failed);

  chapter("Alice fine-tunes her model and mints version 2 of version 1");
  await fineTuneIris(first, second);
  const versionTwo = {
    ...options,
    modelPath: second,
    version: "2.0.0",
    parents: [first],
    relation: "version" as const,
  };
  expectExit("mint", await runMint(versionTwo, connection, terminal), EXIT.done);
  expectExit("verify", await verify(second), EXIT.done);

  await showLineage(connection, registryAddress, second);
  return { connection, registryAddress, storePath, models: [first, second, tampered, renamed] };
}

async function showLineage(connection: ChainConnection, registryAddress: string, modelPath: string): Promise<void> {
  const registry = await connectRegistry(connection, { registryAddress });
  const tokenId = BigInt((await hashModel(modelPath)).modelDigest);

  chapter("The lineage, from the chain");
  const lineage = await readLineage(registry, tokenId);
  const rows = lineage.map(({ tokenId: id, relation, parents, status, performanceMetrics }) => [
    toHex32(id),
    [relation, ...parents.map((parent) => `of ${toHex32(parent).slice(0, 10)}…`)].join(" "),
    status,
    performanceMetrics,
  ]);
  console.log(table(rows));
  expect(
    "two generations of which the second names the first",
    lineage.length === 2 && lineage[0]?.parents[0] === lineage[1]?.tokenId,
  );

  chapter("Version 2 is sold for 1 ether: the marketplace asks whom it owes");
  const [receiver, amount] = await registry.contract.royaltyInfo(tokenId, parseEther("1"));
  console.log(`${receiver} gets ${formatEther(amount)} ether`);
  expect("5 % for Alice", receiver === lineage[0]?.creator && amount === parseEther("0.05"));

  console.log("\nThe story holds: a verified model, a tampered and a renamed one refused, two versions and a royalty.");
}

async function flipLastBit(path: string): Promise<void> {
  const file = await open(path, "r+");
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
    await file.write(Buffer.from([(buffer[0] as number) ^ 1]), 0, 1, size - 1);
  } finally {
    await file.close();
  }
}
