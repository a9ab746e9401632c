import { expect } from "chai";
import { parseUnits } from "ethers";
import type { CommandResult } from "../helpers/run-command.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";
import { type Intercept, type RpcCall, SILENCE } from "./helpers/rpc-proxy.ts";

const SEND = "eth_sendRawTransaction";

describe("a publisher whose node fails", function () {
  let world: World;
  let publisher: Publisher;
  let count = 0;

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await world.close();
  });

  beforeEach(async function () {
    publisher = await makePublisher(world, `model-${++count}`, world.minters[0] as never);
  });

  afterEach(async function () {
    await world.rpc("evm_setAutomine", true);
    await publisher.proxy.close();
  });

  /** Runs with a node that misbehaves. */
  const runWith = async (intercept: Intercept, more?: Record<string, string>) => {
    publisher.proxy.intercept = intercept;
    const result = await publisher.run(more);
    publisher.proxy.intercept = undefined;
    return result;
  };
  /** Misbehaves at one method alone. */
  const at = (method: string, act: (forward: () => Promise<object>, call: RpcCall) => Promise<object>): Intercept => {
    return async (call, forward) => (call.method === method ? act(forward, call) : forward());
  };
  const nonce = async () => world.provider.getTransactionCount(publisher.wallet.address);
  const expectRerun = async (transactions: number, before: number) => {
    const again = await publisher.run();
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectPublished(world, publisher, "after the fault");
    expect((await nonce()) - before).to.equal(transactions);
  };

  it("says that a node does not answer, and goes on when it does", async function () {
    const before = await nonce();
    const silent = await runWith(async () => SILENCE);
    expectOneError(silent, 4, "CHAIN_UNREACHABLE");
    const later = await runWith(at("eth_estimateGas", async () => SILENCE));
    expectOneError(later, 4, "CHAIN_UNREACHABLE");
    expect(later.stderr).to.include("to go on from here: ");
    await expectRerun(1, before);
  });

  it("finds a transaction of which the node took note and never said so", async function () {
    const before = await nonce();
    const lost = await runWith(at(SEND, async (forward) => (await forward(), SILENCE)));
    expect(lost.exitCode, lost.stderr).to.equal(0);
    await expectRerun(1, before);
  });

  it("sends a transaction again that the node never took note of", async function () {
    const before = await nonce();
    let lost = false;
    const result = await runWith(at(SEND, async (forward) => (lost ? forward() : ((lost = true), SILENCE))));
    expect(result.exitCode, result.stderr).to.equal(0);
    await expectRerun(1, before);
  });

  it("gives up waiting for a node that went silent after it took the transaction, and goes on later", async function () {
    const before = await nonce();
    let gone = false;
    const result = await runWith(
      async (call, forward) => {
        if (gone) return SILENCE;
        gone = call.method === SEND;
        return forward();
      },
      { WAIT_SECONDS: "1", RPC_TIMEOUT: "1" },
    );
    expectOneError(result, 4, "CHAIN_UNREACHABLE");
    await expectRerun(1, before);
  });

  it("refuses a node of another chain, from the start and in the middle", async function () {
    const before = await nonce();
    const start = await runWith(
      at("eth_chainId", async () => ({ result: "0x1" })),
      { CHAIN_ID: "11155111" },
    );
    expectOneError(start, 2, "CHAIN_MISMATCH");
    let asked = 0;
    const change = at("eth_chainId", async (forward) => (++asked > 1 ? { result: "0x1" } : forward()));
    expectOneError(await runWith(change), 2, "CHAIN_MISMATCH");
    expect(await nonce()).to.equal(before);
    await expectRerun(1, before);
  });

  it("broadcasts again what the node dropped", async function () {
    const before = await nonce();
    await world.rpc("evm_setAutomine", false);
    let sends = 0;
    const result = await runWith(
      at(SEND, async (forward) => {
        const answer = (await forward()) as { result: string };
        if (++sends === 1) await world.rpc("hardhat_dropTransaction", answer.result);
        else await world.rpc("evm_mine");
        return answer;
      }),
    );
    expect(result.exitCode, result.stderr).to.equal(0);
    expect(sends).to.equal(2);
    await expectRerun(1, before);
  });

  it("sends at the next nonce when a wallet replaced the transaction by another", async function () {
    const before = await nonce();
    await world.rpc("evm_setAutomine", false);
    const { wallet } = publisher;
    let sends = 0;
    const result = await runWith(
      at(SEND, async (forward) => {
        const answer = await forward();
        if (++sends === 1) {
          const fee = parseUnits("100", "gwei");
          await wallet.sendTransaction({
            to: wallet.address,
            nonce: before,
            maxFeePerGas: fee,
            maxPriorityFeePerGas: fee,
          });
        }
        await world.rpc("evm_mine");
        return answer;
      }),
    );
    expect(result.exitCode, result.stderr).to.equal(0);
    await expectRerun(2, before); // The wallet's and the publisher's.
  });

  it("waits again when the block with the token leaves the chain", async function () {
    const before = await nonce();
    await world.rpc("evm_setAutomine", false);
    const snapshot = await world.rpc("evm_snapshot");
    let looks = 0;
    const result = await runWith(
      at("eth_getTransactionReceipt", async (forward) => {
        looks++;
        if (looks === 3) {
          await world.rpc("evm_revert", snapshot);
          await world.rpc("evm_increaseTime", 99);
        }
        await world.rpc("evm_mine");
        return forward();
      }),
      { CONFIRMATIONS: "4" },
    );
    expect(result.exitCode, result.stderr).to.equal(0);
    expect(result.stderr).to.include("no longer part of the chain");
    await expectRerun(1, before);
  });

  it("reads the way of a node that answers nonsense as one clear error", async function () {
    const before = await nonce();
    for (const answer of [{ result: "nonsense" }, { error: { code: -32603, message: "internal error" } }]) {
      const result = await runWith(at("eth_getTransactionCount", async () => answer));
      expectOneError(result, 4, "CHAIN_UNREACHABLE");
    }
    expect(await nonce()).to.equal(before);
    await expectRerun(1, before);
  });

  it("warns of a node that is behind", async function () {
    const syncing = at("eth_syncing", async () => ({ result: { currentBlock: "0x1", highestBlock: "0x64" } }));
    const result = await runWith(syncing);
    expect(result.exitCode, result.stderr).to.equal(0);
    expect(result.stderr).to.include("still catching up with the chain (block 1 of 100)");
  });

  it("says what an account without money needs, before anything is pinned", async function () {
    const poor = publisher.wallet.address;
    const balance = await world.provider.getBalance(poor);
    await world.rpc("hardhat_setBalance", poor, "0x10");
    const result = await publisher.run();
    await world.rpc("hardhat_setBalance", poor, `0x${balance.toString(16)}`);
    expectOneError(result, 6, "TRANSACTION_REFUSED");
    expect(result.stderr).to.include("0.000000000000000016 ether");
    expect(result.stderr).to.not.include(publisher.wallet.privateKey.slice(2));
    await expectRerun(1, await nonce());
  });
});

/** One error line with its code; nothing on stdout. */
function expectOneError({ exitCode, stdout, stderr }: CommandResult, expected: number, code: string): void {
  expect(exitCode, stderr).to.equal(expected);
  expect(stdout).to.equal("");
  expect(stderr.match(/^error(\[\w+\])?:/gm), stderr).to.deep.equal([`error[${code}]:`]);
}
