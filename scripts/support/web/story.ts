import { appendFile, cp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import ModelProvenanceModule from "../../../ignition/modules/ModelProvenanceNFT.ts";
import { fineTuneIris } from "../../../examples/iris/fine-tune.ts";
import { trainIris } from "../../../examples/iris/train.ts";
import { runMint } from "../../../src/cli/run/mint.ts";
import { runStatusSet } from "../../../src/cli/run/status.ts";
import { EXIT, type ExitCode } from "../../../src/cli/exit-codes.ts";
import type { Terminal } from "../../../src/cli/terminal.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { type Registry, openRegistry } from "../../../src/registry/registry.ts";
import { connectHardhat } from "../hardhat-connection.ts";

/** What the pages of the documentation show: a registry with a few models, and folders to verify. */
export interface PageStory {
  readonly registry: Registry;
  readonly store: LocalStore;
  readonly folders: Readonly<Record<"first" | "second" | "tampered" | "unknown", string>>;
}

const DATASET = join(import.meta.dirname, "../../../examples/iris/data/iris.csv");

/** Trains, deploys and publishes in a folder, on a chain in this process. */
export async function tellPageStory(folder: string, terminal: Terminal): Promise<PageStory> {
  const [first, second] = [join(folder, "iris"), join(folder, "iris-v2")];
  const [tampered, unknown] = [join(folder, "iris-tampered"), join(folder, "iris-renamed")];
  const storePath = join(folder, "store");
  const { network, connection } = await connectHardhat("send");
  await trainIris(first);
  const { registry: deployed } = await network.ignition.deploy(ModelProvenanceModule);
  const registryAddress = await deployed.getAddress();
  const publishing = { registryAddress, storePath, statePath: join(folder, "state"), royaltyBasisPoints: 500 };
  const options = { ...publishing, modelPath: first, datasetPath: DATASET, withCid: true };
  expectDone(await runMint({ ...options, version: "1.0.0" }, connection, terminal));
  await fineTuneIris(first, second);
  const next = { ...options, modelPath: second, version: "2.0.0", parents: [first], relation: "version" as const };
  expectDone(await runMint(next, connection, terminal));
  const status = { registryAddress, tokenId: first, newStatus: "deprecated" as const };
  const reason = "Version 2 is better on held-out flowers.";
  expectDone(await runStatusSet({ ...status, reason, yes: true }, connection, terminal));
  await cp(first, tampered, { recursive: true });
  await appendFile(join(tampered, "model.safetensors"), "x");
  await cp(first, unknown, { recursive: true });
  await rename(join(unknown, "config.json"), join(unknown, "settings.json"));
  await rm(join(unknown, "model-provenance.json"));
  const registry = await openRegistry(connection.provider, registryAddress, undefined, { name: "Iris lab" });
  return { registry, store: new LocalStore(storePath), folders: { first, second, tampered, unknown } };
}

function expectDone(exitCode: ExitCode): void {
  if (exitCode !== EXIT.done) throw new Error(`The story ended with ${exitCode}.`);
}
