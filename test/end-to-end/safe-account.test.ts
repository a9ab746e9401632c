import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { expect } from "chai";
import {
  Contract,
  ContractFactory,
  type ContractTransactionResponse,
  type InterfaceAbi,
  type JsonRpcProvider,
  NonceManager,
  type Wallet,
  ZeroAddress,
} from "ethers";
import type { Metadata } from "../../src/metadata/schema.ts";
import { checkMetadataSignature } from "../../src/registry/check-signature.ts";
import { readModelRecord } from "../../src/registry/model-record.ts";
import { hasRole } from "../../src/registry/roles.ts";
import { LocalStore } from "../../src/content/stores/local/local-store.ts";
import { rawCidOfDigest } from "../../src/content/cid.ts";
import { hashModel } from "../../src/model/hash-model.ts";
import { developmentWallet } from "../helpers/publishing.ts";
import { runCommand } from "../helpers/run-command.ts";
import { serveRegistry } from "../helpers/served-registry.ts";
import { useTemporaryFolder } from "../helpers/temporary-folder.ts";
import { nodeAt } from "../helpers/node-at.ts";

const requireFrom = createRequire(import.meta.url);
/** A contract of the Safe, as its own package ships it. */
const artifactOf = (path: string) =>
  requireFrom(`@safe-global/safe-smart-account/build/artifacts/contracts/${path}.json`) as {
    abi: InterfaceAbi;
    bytecode: string;
  };
const SAFE = artifactOf("Safe.sol/Safe");

/** What `--calldata-out` writes. */
interface Proposal {
  readonly version: string;
  readonly chainId: string;
  readonly meta: { readonly createdFromSafeAddress: string };
  readonly transactions: readonly { readonly to: string; readonly value: string; readonly data: string }[];
}

describe("a Safe as admin and minter", function () {
  const temporary = useTemporaryFolder();
  const [first, second, third] = [developmentWallet(3), developmentWallet(4), developmentWallet(6)];
  let served: Awaited<ReturnType<typeof serveRegistry>>;
  let provider: JsonRpcProvider;
  let deployer: NonceManager;

  before(async function () {
    served = await serveRegistry(11155111);
    provider = nodeAt(served.url, 11155111);
    deployer = new NonceManager(developmentWallet(5).connect(provider));
  });

  after(async function () {
    provider.destroy();
    await served.close();
  });

  const deploy = async ({ abi, bytecode }: typeof SAFE, ...args: unknown[]) => {
    const contract = await new ContractFactory(abi, bytecode, deployer).deploy(...args);
    await contract.waitForDeployment();
    return contract.getAddress();
  };

  /** Makes a Safe as everybody does: a proxy of the singleton, with the handler that answers for it. */
  async function makeSafe(owners: readonly Wallet[], threshold: number) {
    const singleton = await deploy(SAFE);
    const handler = await deploy(artifactOf("handler/CompatibilityFallbackHandler.sol/CompatibilityFallbackHandler"));
    const proxy = await deploy(artifactOf("proxies/SafeProxy.sol/SafeProxy"), singleton);
    const safe = new Contract(proxy, SAFE.abi, deployer);
    const addresses = owners.map(({ address }) => address);
    const setup = [addresses, threshold, ZeroAddress, "0x", handler, ZeroAddress, 0, ZeroAddress] as const;
    await ((await safe.getFunction("setup")(...setup)) as ContractTransactionResponse).wait();
    return safe;
  }

  /** Its owners execute what the transaction builder read; the fee is paid by whoever sends it. */
  async function execute(safe: Contract, owners: readonly Wallet[], path: string): Promise<void> {
    const { transactions, chainId, version, meta } = JSON.parse(await readFile(path, "utf8")) as Proposal;
    expect({ version, chainId }).to.deep.equal({ version: "1.0", chainId: "11155111" });
    expect(meta.createdFromSafeAddress).to.equal(await safe.getAddress());
    const [{ to, value, data }] = transactions as [Proposal["transactions"][0]];
    const call = [to, value, data, 0, 0, 0, 0, ZeroAddress, ZeroAddress] as const;
    const nonce = (await safe.getFunction("nonce")()) as bigint;
    const hash = (await safe.getFunction("getTransactionHash")(...call, nonce)) as string;
    const sorted = owners.toSorted((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    const signatures = sorted.map((owner) => owner.signingKey.sign(hash).serialized.slice(2)).join("");
    const sent: unknown = await safe.getFunction("execTransaction")(...call, `0x${signatures}`);
    await (sent as ContractTransactionResponse).wait();
  }

  const run = async (key: Wallet | undefined, ...args: string[]) =>
    runCommand([...args, "--contract", served.registry.address, "--rpc-url", served.url], {
      ...(key && { PRIVATE_KEY: key.privateKey }),
      STORE: "local",
      STORE_PATH: temporary.path("store"),
      STATE_PATH: temporary.path("state"),
    });

  /** Whether the metadata that a record names are signed by the account, as everybody checks it. */
  async function signatureOf(metadataDigest: string | undefined, account: string) {
    const store = new LocalStore(temporary.path("store"));
    const block = await store.get(rawCidOfDigest(metadataDigest as never));
    const metadata = JSON.parse(Buffer.from(block).toString("utf8")) as Metadata;
    return checkMetadataSignature(
      metadata,
      account,
      { chainId: 11155111n, registry: served.registry.address },
      provider,
    );
  }

  it("administers: two owners execute the call that was written, and the next run sees that it is done", async function () {
    const safe = await makeSafe([first, second], 2);
    const address = await safe.getAddress();
    const { contract } = served.registry;
    await (await contract.connect(served.minter).grantRole(await contract.CURATOR_ROLE(), address)).wait();
    const modelPath = await temporary.write("model", { "model.bin": "to be revoked" });
    const minted = await run(developmentWallet(0), "mint", modelPath, "--yes");
    expect(minted.exitCode, minted.stderr).to.equal(0);
    const { modelDigest } = await hashModel(modelPath);
    const path = temporary.path("revoke.json");
    const set = ["status", "set", modelDigest, "revoked", "--from", address, "--calldata-out", path];
    const written = await run(undefined, ...set);
    expect(written.exitCode, written.stderr).to.equal(0);
    expect(written.stdout).to.include(path).and.to.include("sent nothing");
    expect(written.stderr).to.include(address).and.to.include("worst cost");
    expect((await readModelRecord(served.registry, BigInt(modelDigest)))?.status).to.equal("active");
    await execute(safe, [first, second], path);
    expect((await readModelRecord(served.registry, BigInt(modelDigest)))?.status).to.equal("revoked");
    const again = await run(undefined, ...set, "--json");
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(JSON.parse(again.stdout)).to.include({ existing: true });
  });

  it("mints: an owner signs the metadata, the Safe executes the call, and the next run leaves the claim", async function () {
    const safe = await makeSafe([first], 1);
    const address = await safe.getAddress();
    const { contract } = served.registry;
    await (await contract.connect(served.minter).grantRole(await contract.MINTER_ROLE(), address)).wait();
    expect(await hasRole(served.registry, "minter", address)).to.equal(true);
    const modelPath = await temporary.write("model-of-safe", { "model.bin": "of a Safe" });
    const path = temporary.path("mint.json");
    const mint = ["mint", modelPath, "--from", address, "--calldata-out", path, "--yes"];
    const written = await run(first, ...mint);
    expect(written.exitCode, written.stderr).to.equal(0);
    const { modelDigest } = await hashModel(modelPath);
    expect(await readModelRecord(served.registry, BigInt(modelDigest))).to.equal(undefined);
    const bytes = await readFile(path, "utf8");
    await run(first, ...mint);
    expect(await readFile(path, "utf8"), "the same call again").to.equal(bytes);
    await execute(safe, [first], path);
    const record = await readModelRecord(served.registry, BigInt(modelDigest));
    expect(record).to.include({ creator: address, owner: address });
    const again = await run(first, ...mint, "--json");
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(JSON.parse(again.stdout)).to.include({ existing: true, creator: address });
    expect((await readFile(`${modelPath}/model-provenance.json`, "utf8")).includes(modelDigest)).to.equal(true);

    expect((await signatureOf(record?.metadataDigest, address)).signed).to.equal("yes");
  });

  it("mints by two of three: each signs in a run of their own, two execute, and the next run needs no key", async function () {
    const owners = [first, second, third];
    const safe = await makeSafe(owners, 2);
    const address = await safe.getAddress();
    const { contract } = served.registry;
    await (await contract.connect(served.minter).grantRole(await contract.MINTER_ROLE(), address)).wait();
    const modelPath = await temporary.write("model-of-three", { "model.bin": "of two of three" });
    const { modelDigest } = await hashModel(modelPath);
    const [path, signatures] = [temporary.path("three.json"), temporary.path("signatures.json")];
    const propose = ["mint", modelPath, "--from", address, "--calldata-out", path, "--yes"];
    const mint = [...propose, "--owner-signatures", signatures];

    const alone = await run(first, ...propose);
    expect(alone.exitCode).to.equal(6);
    expect(alone.stderr).to.include("SIGNATURE_REFUSED").and.to.include("--owner-signatures FILE");
    const rehearsed = await run(first, ...mint, "--dry-run");
    expect(rehearsed.exitCode).to.equal(6);
    const stranger = await run(developmentWallet(7), ...mint);
    expect(stranger.exitCode).to.equal(6);
    expect(stranger.stderr).to.include(`${developmentWallet(7).address} is no owner`);
    expect(existsSync(signatures)).to.equal(false);

    const begun = await run(third, ...mint);
    expect(begun.exitCode).to.equal(6);
    expect(begun.stderr).to.include("of 2 owners, and has 1").and.to.include(signatures);
    expect(existsSync(path)).to.equal(false);
    const half = await readFile(signatures, "utf8");
    await writeFile(signatures, half.replace(third.address, first.address));
    const forged = await run(second, ...mint);
    expect(forged.exitCode).to.equal(2);
    expect(forged.stderr).to.include(`the signature of ${first.address} in it is not of that account`);
    await writeFile(signatures, half);
    const written = await run(second, ...mint);
    expect(written.exitCode, written.stderr).to.equal(0);
    const call = await readFile(path, "utf8");
    const later = await run(first, ...mint);
    expect(later.exitCode, later.stderr).to.equal(0);
    expect(await readFile(path, "utf8"), "the same call, whoever runs it").to.equal(call);

    await execute(safe, [first, third], path);
    const record = await readModelRecord(served.registry, BigInt(modelDigest));
    expect(record).to.include({ creator: address, owner: address });
    const again = await run(undefined, ...mint, "--json");
    expect(again.exitCode, again.stderr).to.equal(0);
    expect(JSON.parse(again.stdout)).to.include({ existing: true, creator: address });
    expect((await signatureOf(record?.metadataDigest, address)).signed).to.equal("yes");
    const nameless = await run(first, "mint", modelPath, "--calldata-out", path, "--yes");
    expect(nameless.exitCode).to.equal(2);
    expect(nameless.stderr).to.include("--from");
  });
});
