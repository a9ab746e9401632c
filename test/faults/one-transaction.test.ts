import { expect } from "chai";
import { type LikeGeth, countTransactions, likeGeth } from "./helpers/like-geth.ts";
import { type Publisher, type World, expectPublished, makePublisher, startWorld } from "./helpers/publishing-world.ts";
import type { RpcAnswer } from "./helpers/rpc-proxy.ts";

const failure = (code: number, message: string): RpcAnswer => ({ error: { code, message } });

/** Errors of nodes and providers that say nothing of whether a transaction was taken. */
const SAY_NOTHING = [
  failure(-32603, "Internal error"),
  failure(-32005, "limit exceeded"),
  failure(-32000, "the request took too long"),
  failure(-32000, "header not found"),
];
/** Words with which nodes refuse a transaction for now. */
const NOT_NOW = [
  failure(-32000, "txpool is full"),
  failure(-32000, "in-flight transaction limit reached for delegated accounts"),
  failure(-32000, "gapped-nonce tx from delegated accounts"),
  failure(-32000, "future transaction tries to replace pending"),
  failure(-32000, "nonce too high"),
  failure(-32005, "daily request count exceeded, request rate limited"),
];
type Receipt = Record<string, unknown>;
const logsOf = ({ logs }: Receipt) => logs as Receipt[];
/** Receipts as nodes give them before they are whole, or without what nobody needs. */
const RECEIPTS: readonly (readonly [what: string, spoil: (receipt: Receipt) => unknown])[] = [
  ["without a block", (receipt) => ({ ...receipt, blockHash: null, blockNumber: null, transactionIndex: null })],
  ["without a status", ({ status: _, ...receipt }) => receipt],
  ["that are no objects", () => "pending"],
  ["of another transaction", (receipt) => ({ ...receipt, transactionHash: `0x${"12".repeat(32)}` })],
];
const BARE: readonly (readonly [what: string, spoil: (receipt: Receipt) => unknown])[] = [
  ["logs without an index", (receipt) => ({ ...receipt, logs: logsOf(receipt).map(({ logIndex: _, ...log }) => log) })],
  ["no price of gas", ({ effectiveGasPrice: _, ...receipt }) => receipt],
  ["neither logs nor bloom", ({ logs: _, logsBloom: __, ...receipt }) => receipt],
];

describe("a publisher whose node estimates on the latest block and mines when it wants", function () {
  let world: World;
  let publisher: Publisher;
  let count = 0;
  let begun = 0;

  before(async function () {
    world = await startWorld(11155111);
  });

  after(async function () {
    await world.close();
  });

  beforeEach(async function () {
    publisher = await makePublisher(world, `model-${++count}`, world.minters[0] as never);
    begun = await world.provider.getBlockNumber();
    await world.rpc("evm_setAutomine", false);
  });

  afterEach(async function () {
    await world.rpc("evm_setAutomine", true);
    await publisher.proxy.close();
  });

  const runWith = async (how: LikeGeth, waitSeconds: number) => {
    publisher.proxy.intercept = likeGeth(world, how);
    return publisher.run({ WAIT_SECONDS: String(waitSeconds) });
  };
  const expectOne = async (what: string) => {
    await expectPublished(world, publisher, what);
    const { address } = publisher.wallet;
    expect(await countTransactions(world, address, begun), what).to.deep.equal({ sent: 1, reverted: 0 });
  };

  for (const answer of SAY_NOTHING) {
    const words = answer.error?.message;
    it(`sends one transaction where the node takes it and answers "${words}"`, async function () {
      const lie: LikeGeth["onBroadcast"] = async (forward) => (await forward(), answer);
      const first = await runWith({ onBroadcast: lie }, 1);
      expect(first.exitCode, first.stderr).to.equal(4);
      const second = await runWith({ mineAfter: 2 }, 60);
      expect(second.exitCode, second.stderr).to.equal(0);
      await expectOne(String(words));
    });
  }

  for (const answer of NOT_NOW) {
    const words = answer.error?.message;
    it(`waits and sends the same transaction where the node answers "${words}" for now`, async function () {
      const never = await runWith({ onBroadcast: async () => answer }, 1);
      expect(never.exitCode, never.stderr).to.equal(4);
      let busy = 2;
      const later: LikeGeth["onBroadcast"] = async (forward) => (busy-- > 0 ? answer : forward());
      const taken = await runWith({ onBroadcast: later, mineAfter: 8 }, 60);
      expect(taken.exitCode, taken.stderr).to.equal(0);
      await expectOne(String(words));
    });
  }

  it("finds its transaction where the node sends it on twice, and answers that the nonce is used", async function () {
    const twice: LikeGeth["onBroadcast"] = async (forward) => {
      await forward();
      await world.rpc("evm_mine");
      return failure(-32000, "nonce too low: next nonce 1, tx nonce 0");
    };
    const result = await runWith({ onBroadcast: twice }, 60);
    expect(result.exitCode, result.stderr).to.equal(0);
    await expectOne("nonce too low");
  });

  it("reports the token where the answer is lost, and the next estimate says that it is there", async function () {
    await world.rpc("evm_setAutomine", true);
    const lost = await runWith({ onBroadcast: async (forward) => (await forward(), failure(-32603, "lost")) }, 60);
    expect(lost.exitCode, lost.stderr).to.equal(0);
    await expectOne("lost");
  });

  for (const [what, spoil] of RECEIPTS) {
    it(`waits for a whole receipt where it gets some ${what}`, async function () {
      let left = 2;
      const onReceipt = (receipt: Receipt) => (left-- > 0 ? spoil(receipt) : receipt);
      const result = await runWith({ mineAfter: 2, onReceipt }, 60);
      expect(result.exitCode, result.stderr).to.equal(0);
      await expectOne(what);
    });
  }

  it("does not know how it ended where no whole receipt ever comes", async function () {
    const [, spoil] = RECEIPTS[0] as (typeof RECEIPTS)[0];
    const result = await runWith({ mineAfter: 2, onReceipt: spoil }, 2);
    expect(result.exitCode, result.stderr).to.equal(4);
    const again = await runWith({}, 60);
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectOne("no receipt");
  });

  for (const [what, spoil] of BARE) {
    it(`reads receipts with ${what}`, async function () {
      const result = await runWith({ mineAfter: 2, onReceipt: spoil }, 60);
      expect(result.exitCode, result.stderr).to.equal(0);
      await expectOne(what);
    });
  }

  it("goes on with its transaction when it is killed while that waits", async function () {
    publisher.proxy.intercept = likeGeth(world, {});
    const killed = publisher.start();
    while (!publisher.proxy.calls.some(({ method }) => method === "eth_getTransactionReceipt")) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    killed.child.kill("SIGKILL");
    await killed.ended;
    const again = await runWith({ mineAfter: 2 }, 60);
    expect(again.exitCode, again.stderr).to.equal(0);
    await expectOne("killed");
  });
});
