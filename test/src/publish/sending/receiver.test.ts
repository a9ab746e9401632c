import { expect } from "chai";
import { mintModel } from "../../../../src/publish/mint-model.ts";
import { ethers, networkHelpers } from "../../../helpers/deploy-model-provenance.ts";
import { createPublisher } from "../../../helpers/prepared-models.ts";
import { rpc } from "../../../helpers/publishing.ts";
import { useTemporaryFolder } from "../../../helpers/temporary-folder.ts";

describe("minting to an account with delegated code", function () {
  const temporary = useTemporaryFolder();
  const delegate = async (account: string, to: string) =>
    rpc("hardhat_setCode", account, `0xef0100${to.slice(2).toLowerCase()}`);

  it("names the account, what it runs and what to do, where that takes no tokens", async function () {
    const { context, prepare, owner, registry } = await createPublisher(temporary);
    // Contracts without the hook: one that reverts, and one whose code is of another kind.
    const silent = await ethers.deployContract("ReceiverMock", [2]);
    for (const target of [registry.address, await silent.getAddress()]) {
      await delegate(owner.address, target);
      const failure: unknown = await mintModel(await prepare(`model for ${target}`), {
        ...context,
        to: owner.address,
      }).catch((error: unknown) => error);
      expect(failure).to.include({ code: "TRANSACTION_REFUSED" });
      const { message } = failure as Error;
      expect(message).to.include(`the receiver ${owner.address} is an account with delegated code (EIP-7702)`);
      expect(message.toLowerCase()).to.include(target.toLowerCase());
      expect(message).to.include("MINT_TO");
    }
  });

  it("mints where that takes them", async function () {
    const { context, prepare, owner } = await createPublisher(temporary);
    const willing = await ethers.deployContract("ReceiverMock", [0]);
    await delegate(owner.address, await willing.getAddress());
    const { record } = await mintModel(await prepare("model"), { ...context, to: owner.address });
    expect(record.owner).to.equal(owner.address);
    await networkHelpers.setCode(owner.address, "0x");
  });
});
