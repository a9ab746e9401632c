import { expect } from "chai";
import { countTransactions } from "./helpers/like-geth.ts";
import { OTHER_NODES, isOnPath, startOtherNode } from "./helpers/other-nodes.ts";
import { type Publisher, type World, expectPublished, makePublisher, settleWorld } from "./helpers/publishing-world.ts";
import type { Intercept, RpcAnswer } from "./helpers/rpc-proxy.ts";

const failure = (code: number, message: string): RpcAnswer => ({ error: { code, message } });

for (const node of OTHER_NODES) {
  describe(`a publisher on ${node.program}, which makes a block each second`, function () {
    if (!isOnPath(node.program)) {
      it(`is not tried here: ${node.program} is not on the path`); // Without a body: counted as pending.
      return;
    }
    let world: World;
    let publisher: Publisher;
    let count = 0;
    let begun = 0;

    before(async function () {
      const { chainId, ...running } = await startOtherNode(node);
      world = await settleWorld(chainId, running);
    });

    after(async function () {
      await world.close();
    });

    beforeEach(async function () {
      publisher = await makePublisher(world, `model-${++count}`, world.minters[0] as never);
      begun = await world.provider.getBlockNumber();
    });

    afterEach(async function () {
      await publisher.proxy.close();
    });

    const atBroadcast =
      (act: (forward: () => Promise<RpcAnswer>) => Promise<RpcAnswer>): Intercept =>
      async (call, forward) =>
        call.method === "eth_sendRawTransaction" ? act(forward) : forward();
    const run = async (intercept: Intercept | undefined, waitSeconds = "60") => {
      publisher.proxy.intercept = intercept;
      return publisher.run({ WAIT_SECONDS: waitSeconds });
    };
    const expectOne = async (what: string) => {
      const again = await run(undefined);
      expect(again.exitCode, again.stderr).to.equal(0);
      await expectPublished(world, publisher, what);
      const counted = await countTransactions(world, publisher.wallet.address, begun);
      expect(counted, what).to.deep.equal({ sent: 1, reverted: 0 });
    };

    it("sends one transaction", async function () {
      const result = await run(undefined);
      expect(result.exitCode, result.stderr).to.equal(0);
      await expectOne("plain");
    });

    it("sends one transaction where the node takes it and answers with an error", async function () {
      await run(
        atBroadcast(async (forward) => (await forward(), failure(-32603, "Internal error"))),
        "1",
      );
      await expectOne("taken");
    });

    it("sends one transaction where the node does not take it at first", async function () {
      let busy = 3;
      const later = atBroadcast(async (forward) => (busy-- > 0 ? failure(-32000, "txpool is full") : forward()));
      const result = await run(later);
      expect(result.exitCode, result.stderr).to.equal(0);
      await expectOne("busy");
    });

    it("sends one transaction where the publisher is killed when the node has it", async function () {
      let taken = false;
      publisher.proxy.intercept = atBroadcast(async (forward) => ((taken = true), forward()));
      const killed = publisher.start();
      while (!taken) await new Promise((resolve) => setImmediate(resolve));
      killed.child.kill("SIGKILL");
      await killed.ended;
      await expectOne("killed");
    });
  });
}
