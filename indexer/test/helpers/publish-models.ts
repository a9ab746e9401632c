import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { JsonRpcProvider } from "ethers";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { anchorBatch } from "../../../src/publish/anchor-batch.ts";
import { buildBatch } from "../../../src/publish/build-batch.ts";
import { mintModel } from "../../../src/publish/mint-model.ts";
import { type PreparedModel, prepareModel } from "../../../src/publish/prepare-model.ts";
import { openRegistry } from "../../../src/registry/registry.ts";

/** Some models: `base` and its child `tuned` have tokens; `first` and `second` are in a batch. */
export interface PublishedModels {
  readonly pathOf: (name: string) => string;
  readonly ids: Readonly<Record<string, string>>;
  readonly root: string;
}

/** Publishes models as anybody does, with the node's first account, and keeps their content in a store. */
export async function publishModels(
  provider: JsonRpcProvider,
  address: string,
  folder: string,
): Promise<PublishedModels> {
  const signer = await provider.getSigner(0);
  const registry = await openRegistry(provider, address, signer);
  const store = new LocalStore(join(folder, "store"));
  const ids: Record<string, string> = {};
  const pathOf = (name: string) => join(folder, "models", name);
  const context = { registry, signer, store, warn: () => undefined, confirm: async () => Promise.resolve() };
  const prepare = async (name: string, description: string, parents: string[] = []): Promise<PreparedModel> => {
    await mkdir(pathOf(name), { recursive: true });
    await writeFile(join(pathOf(name), "model.safetensors.bin"), `weights of ${name}`);
    const relation = parents.length > 0 ? { relation: "fine-tune" as const } : {};
    const royalty = { receiver: signer.address, basisPoints: 500 };
    const statements = { name: `lab/${name}-model`, description, license: "MIT", royalty, ...relation };
    const prepared = await prepareModel({ modelPath: pathOf(name), statements, parents }, context);
    ids[name] = prepared.model.modelDigest;
    return prepared;
  };
  await mintModel(await prepare("base", "A multilingual encoder for retrieval."), context);
  await mintModel(await prepare("tuned", "Answers questions about contracts.", [ids["base"] as string]), context);
  const members = [
    await prepare("first", "Recognises whales by their songs."),
    await prepare("second", "Translates whales into birds.", [ids["base"] as string]),
  ];
  const batch = buildBatch(members, registry, () => undefined);
  await anchorBatch(batch, context);
  return { pathOf, ids, root: batch.root };
}
