import { expect } from "chai";
import { Wallet, type TypedDataDomain, type TypedDataField } from "ethers";
import { makeBatchPublisher, expectAllPublished } from "./helpers/batch-publisher.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";
import type { Intercept } from "./helpers/rpc-proxy.ts";

const REJECTED = { error: { code: 4001, message: "User rejected the request." } };

interface TypedData {
  readonly domain: TypedDataDomain;
  readonly types: Record<string, TypedDataField[]>;
  readonly message: Record<string, unknown>;
}

/** A wallet that stands between a publisher and the node, signs for one account, and passes the rest on. */
function signFor(wallet: Wallet, refuses: (method: string) => boolean = () => false): Intercept {
  return async ({ method, params }, forward) => {
    if (refuses(method)) return REJECTED;
    if (method === "eth_accounts") return { result: [wallet.address.toLowerCase()] };
    if (method === "eth_signTypedData_v4") {
      const { domain, types, message } = JSON.parse(params[1] as string) as TypedData;
      const { EIP712Domain: _, ...own } = types;
      return { result: await wallet.signTypedData(domain, own, message) };
    }
    if (method !== "eth_sendTransaction") return forward();
    const [{ to, data, gas, nonce, maxFeePerGas, maxPriorityFeePerGas }] = params as [Record<string, string>];
    const request = { to: to as string, data: data as string, gasLimit: gas as string, nonce: Number(nonce) };
    const fees = { maxFeePerGas: maxFeePerGas as string, maxPriorityFeePerGas: maxPriorityFeePerGas as string };
    return { result: (await wallet.sendTransaction({ ...request, ...fees, type: 2 })).hash };
  };
}

describe("a publisher whose key is in a wallet", function () {
  this.timeout(2 * 60_000);
  let world: World;
  let wallet: Wallet;
  const made: Pick<Publisher, "proxy">[] = [];

  before(async function () {
    world = await startWorld(11155111);
    // An account that the node itself has no key of.
    wallet = new Wallet(`0x${"5".repeat(64)}`, world.provider);
    await world.rpc("hardhat_setBalance", wallet.address, "0x8ac7230489e80000");
    const admin = await world.provider.getSigner(0);
    await (await world.contract.connect(admin).grantRole(await world.contract.MINTER_ROLE(), wallet.address)).wait();
  });

  after(async function () {
    await Promise.all(made.map(async ({ proxy }) => proxy.close()));
    await world.close();
  });

  it("publishes with it, one model or a list", async function () {
    const one = await makePublisher(world, "one", wallet);
    const many = await makeBatchPublisher(world, "many", wallet);
    made.push(one, many);
    for (const { proxy } of [one, many]) proxy.intercept = signFor(wallet);
    const single = await one.run({ PRIVATE_KEY: "" });
    expect(single.exitCode, single.stderr).to.equal(0);
    await expectPublished(world, one, "one");
    const list = await many.run({ PRIVATE_KEY: "", MINT_FROM: wallet.address });
    expect(list.exitCode, list.stderr).to.equal(0);
    await expectAllPublished(world, many, "many");
  });

  it("says so in one line when it is told no, and goes on when it is told yes", async function () {
    const publisher = await makePublisher(world, "asked", wallet);
    made.push(publisher);
    const before = await world.provider.getTransactionCount(wallet.address);
    const refusals = [
      ["eth_signTypedData_v4", "SIGNATURE_REFUSED"],
      ["eth_sendTransaction", "TRANSACTION_REFUSED"],
    ] as const;
    for (const [refused, code] of refusals) {
      publisher.proxy.intercept = signFor(wallet, (method) => method === refused);
      const { exitCode, stderr, stdout } = await publisher.run({ PRIVATE_KEY: "" });
      expect(exitCode, stderr).to.equal(6);
      expect(stdout).to.equal("");
      expect(stderr.match(/^error.*$/gm), stderr).to.have.length(1);
      expect(stderr).to.include(`error[${code}]`);
      expect(stderr, /^error.*$/m.exec(stderr)?.[0] ?? "").to.match(/reject/i);
    }
    publisher.proxy.intercept = signFor(wallet);
    const again = await publisher.run({ PRIVATE_KEY: "" });
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectPublished(world, publisher, "asked");
    expect(await world.provider.getTransactionCount(wallet.address)).to.equal(before + 1);
  });
});
