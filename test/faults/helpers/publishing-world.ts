import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { type JsonRpcProvider, NonceManager, type Wallet, ZeroAddress, parseEther } from "ethers";
import { CID } from "multiformats/cid";
import type { Hex } from "../../../src/base/hex.ts";
import { hashModel } from "../../../src/model/hash-model.ts";
import { type ModelEntry, modelEntrySchema } from "../../../src/publish/journal/journal-schema.ts";
import { rawCidOfDigest } from "../../../src/content/cid.ts";
import { LocalStore } from "../../../src/content/stores/local/local-store.ts";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import type { ModelProvenanceNFT } from "../../../typechain-types/contracts/registry/ModelProvenanceNFT.ts";
import { startChain } from "../../helpers/json-rpc-server.ts";
import { developmentWallet } from "../../helpers/publishing.ts";
import type { CommandResult } from "../../helpers/run-command.ts";
import { type PublisherProcess, startPublisher } from "./publisher-process.ts";
import { type RpcProxy, startRpcProxy } from "./rpc-proxy.ts";
import { nodeAt } from "../../helpers/node-at.ts";

const MINTERS = 6;

/** A development chain behind a server of its own, a registry on it, and accounts that may mint. */
export interface World {
  readonly url: string;
  readonly chainId: number;
  /** Straight to the node. */
  readonly provider: JsonRpcProvider;
  readonly contract: ModelProvenanceNFT;
  readonly registryAddress: string;
  readonly minters: readonly Wallet[];
  readonly folder: string;
  /** Calls a method of the node. */
  readonly rpc: (method: string, ...params: unknown[]) => Promise<unknown>;
  readonly close: () => Promise<void>;
}

/** Starts a chain and deploys a registry to it. */
export async function startWorld(chainId: number): Promise<World> {
  return settleWorld(chainId, await startChain(chainId));
}

/** Deploys a registry to a chain on which the first of the development accounts has money. */
export async function settleWorld(
  chainId: number,
  { url, close }: { readonly url: string; readonly close: () => Promise<void> },
): Promise<World> {
  const provider = nodeAt(url, chainId);
  const deployer = new NonceManager(developmentWallet(0).connect(provider));
  const admin = await deployer.getAddress();
  const factory = new ModelProvenanceNFT__factory(deployer);
  const contract = await factory.deploy("Model Provenance", "MODEL", admin, ZeroAddress, ZeroAddress, ZeroAddress, 0);
  await contract.waitForDeployment();
  const minters = Array.from({ length: MINTERS }, (_, place) => developmentWallet(place + 1).connect(provider));
  const role = await contract.MINTER_ROLE();
  for (const { address } of minters) {
    if ((await provider.getBalance(address)) === 0n) {
      await (await deployer.sendTransaction({ to: address, value: parseEther("10") })).wait();
    }
    await (await contract.grantRole(role, address)).wait();
  }
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-faults-"));
  const rpc = async (method: string, ...params: unknown[]) => (await provider.send(method, params)) as unknown;
  return {
    url,
    chainId,
    provider,
    contract,
    registryAddress: await contract.getAddress(),
    minters,
    folder,
    rpc,
    close: async () => {
      provider.destroy();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A publisher with an account, a state and a store of its own, and a proxy before its node. */
export interface Publisher {
  /** The folder that holds all of it. */
  readonly home: string;
  readonly modelPath: string;
  readonly statePath: string;
  readonly storePath: string;
  readonly proxy: RpcProxy;
  readonly wallet: Wallet;
  readonly args: readonly string[];
  readonly environment: Record<string, string>;
  readonly start: (more?: Record<string, string>) => PublisherProcess;
  readonly run: (more?: Record<string, string>) => Promise<CommandResult>;
}

/** Makes a model and all that is needed to publish it. */
export async function makePublisher(world: World, name: string, wallet: Wallet, proxy?: RpcProxy): Promise<Publisher> {
  const home = join(world.folder, name);
  const modelPath = join(home, "model");
  await mkdir(modelPath, { recursive: true });
  await writeFile(join(modelPath, "model.bin"), `weights of ${name}`);
  const front = proxy ?? (await startRpcProxy(world.url));
  const [statePath, storePath] = [join(home, "state"), join(home, "store")];
  const args = ["publish", modelPath, "--contract", world.registryAddress, "--rpc-url", front.url, "--license", "MIT"];
  const environment = {
    PRIVATE_KEY: wallet.privateKey,
    STATE_PATH: statePath,
    STORE_PATH: storePath,
    STORE: "local",
    YES: "1",
    RPC_TIMEOUT: "2",
    WAIT_SECONDS: "60",
  };
  const start = (more: Record<string, string> = {}) => startPublisher(args, { ...environment, ...more });
  const run = async (more?: Record<string, string>) => start(more).ended;
  return { home, modelPath, statePath, storePath, proxy: front, wallet, args, environment, start, run };
}

/** Reads the journal of the one model of a publisher. */
export async function readJournal({ statePath, modelPath }: Publisher): Promise<ModelEntry> {
  const { modelDigest } = await hashModel(modelPath);
  const folder = (await readdir(statePath)).find((name) => name.startsWith("eip155-")) as string;
  return modelEntrySchema.parse(JSON.parse(await readFile(join(statePath, folder, `${modelDigest}.json`), "utf8")));
}

/**
 * Makes sure that a model was published: exactly one token, every pin there and whole, the claim and nothing else left
 * in the model, and the journal finished.
 */
export async function expectPublished(world: World, publisher: Publisher, what: string): Promise<void> {
  const { contract } = world;
  const { modelDigest, resources, excluded } = await hashModel(publisher.modelPath);
  const tokenId = BigInt(modelDigest);
  const minted = await contract.queryFilter(contract.filters.ProvenanceDataRecorded(tokenId));
  expect(minted.length, `${what}: tokens`).to.equal(1);
  expect((await contract.getModelData(tokenId)).creator).to.equal(publisher.wallet.address);

  const store = new LocalStore(publisher.storePath);
  const { metadataDigest } = await contract.getModelData(tokenId);
  const metadata = await store.get(rawCidOfDigest(metadataDigest as Hex));
  const { image } = JSON.parse(Buffer.from(metadata).toString()) as { image: string };
  await store.get(CID.parse(image.slice("ipfs://".length)));

  expect(
    resources.map(({ name }) => name),
    `${what}: files`,
  ).to.deep.equal(["model.bin"]);
  expect(
    excluded.map(({ reason }) => reason),
    `${what}: claim`,
  ).to.deep.equal(["claim"]);
  const journal = await readJournal(publisher);
  expect(journal.mined, `${what}: journal`).to.not.equal(undefined);
  expect(Object.keys(journal.pinned), `${what}: pins`).to.have.length(2);
}
