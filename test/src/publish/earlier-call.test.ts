import { expect } from "chai";
import { grantUse } from "../../../src/publish/change-model.ts";
import type { PublisherState } from "../../../src/publish/journal/publisher-state.ts";
import { openStateFolder } from "../../../src/publish/journal/state-folder.ts";
import { networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { modelSubmission } from "../../helpers/model-submissions.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";
import { useTemporaryFolder } from "../../helpers/temporary-folder.ts";

describe("a change that an earlier run sent and did not see mined", function () {
  const temporary = useTemporaryFolder();

  async function sendAndDie() {
    const { registry, contract, minter, owner, stranger } = await deployRegistry();
    const model = modelSubmission("model");
    await contract.connect(minter).mintBatch(owner, [model]);
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const state = openStateFolder(temporary.path("state"));
    const run = async (how: PublisherState = state) =>
      grantUse(registry, BigInt(model.modelDigest), stranger.address, 4_000_000_000n, {
        signer: owner,
        state: how,
        warn,
      });
    const die = async () => Promise.reject(new Error("killed"));
    const dying: PublisherState = {
      ...state,
      withCall: async (place, work) => state.withCall(place, async ({ journal }) => work({ journal, forget: die })),
    };
    const death: unknown = await run(dying).catch((error: unknown) => error);
    expect(death).to.have.property("message", "killed");
    const transactions = async () => registry.provider.getTransactionCount(owner.address);
    return { run, warnings, owner, stranger, sent: await transactions(), transactions };
  }

  it("is reported with its transaction, once, and made anew when it is asked for again", async function () {
    const { run, warnings, sent, transactions } = await sendAndDie();
    const found = await run();
    expect(await transactions()).to.equal(sent);
    expect(warnings.join()).to.include(found.transactionHash).and.to.include("nothing is sent");
    const anew = await run();
    expect(anew.transactionHash).to.not.equal(found.transactionHash);
    expect(await transactions()).to.equal(sent + 1);
    expect(warnings).to.have.length(1);
  });

  it("is made anew where the account did something else since", async function () {
    const { run, warnings, owner, stranger, sent, transactions } = await sendAndDie();
    await (await owner.sendTransaction({ to: stranger.address, value: 1n })).wait();
    await run();
    expect(await transactions()).to.equal(sent + 2);
    expect(warnings).to.deep.equal([]);
  });

  it("is made anew where an hour went by on the chain", async function () {
    const { run, sent, transactions } = await sendAndDie();
    await networkHelpers.time.increase(3601);
    await networkHelpers.mine();
    await run();
    expect(await transactions()).to.equal(sent + 1);
  });
});
