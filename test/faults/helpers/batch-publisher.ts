import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Wallet } from "ethers";
import { startPublisher } from "./publisher-process.ts";
import { type Publisher, type World, expectPublished, makePublisher } from "./publishing-world.ts";
import type { RpcProxy } from "./rpc-proxy.ts";

/** A publisher of a list of models. */
export interface BatchPublisher extends Omit<Publisher, "modelPath"> {
  readonly listPath: string;
  /** In the order of the list. */
  readonly modelPaths: readonly string[];
}

/** What `publish --batch --json` prints. */
export interface BatchDocument {
  readonly models: readonly {
    readonly model: string;
    readonly status: string;
    readonly tokenId?: string;
    readonly error?: { readonly code: string; readonly message: string };
  }[];
  readonly summary: { readonly minted: number; readonly existing: number; readonly failed: number };
}

/** Makes models, a list of them in which the last names the first as its parent, and all that is needed to publish it. */
export async function makeBatchPublisher(
  world: World,
  name: string,
  wallet: Wallet,
  proxy?: RpcProxy,
  names: readonly string[] = ["one", "two", "child"],
): Promise<BatchPublisher> {
  const { modelPath: _, ...publisher } = await makePublisher(world, name, wallet, proxy);
  const home = join(world.folder, name);
  const modelPaths = names.map((model) => join(home, model));
  for (const path of modelPaths) {
    await mkdir(path, { recursive: true });
    await writeFile(join(path, "model.bin"), `weights of ${path.slice(world.folder.length)}`);
  }
  const listPath = join(home, "list.json");
  const list = names.map((model, i) =>
    i === names.length - 1 ? { model, "parent-model": names[0], relation: "fine-tune" } : model,
  );
  await writeFile(listPath, JSON.stringify(list));
  const args = ["publish", "--batch", listPath, ...publisher.args.slice(2)];
  const start: Publisher["start"] = (more = {}) => startPublisher(args, { ...publisher.environment, ...more });
  const run: Publisher["run"] = async (more) => start(more).ended;
  return { ...publisher, args, start, run, listPath, modelPaths };
}

/** Makes sure that every model of a list was published, as `expectPublished` does of one. */
export async function expectAllPublished(world: World, publisher: BatchPublisher, what: string): Promise<void> {
  for (const modelPath of publisher.modelPaths) await expectPublished(world, { ...publisher, modelPath }, what);
}

/** Reads what a run printed. */
export function readDocument(stdout: string): BatchDocument {
  const document = JSON.parse(stdout) as BatchDocument & { readonly schemaVersion: string };
  expect(document.schemaVersion).to.equal("1.0");
  return document;
}
