import { expect } from "chai";
import { parseEther } from "ethers";
import { predictSplitter, readShares } from "../../../src/registry/splitter.ts";
import { createSplitter, releaseShare } from "../../../src/publish/split-royalties.ts";
import { ethers, networkHelpers } from "../../helpers/deploy-model-provenance.ts";
import { errorCode } from "../../helpers/error-code.ts";
import { deployRegistry } from "../../helpers/recorded-model.ts";

const { loadFixture } = networkHelpers;
const { provider } = ethers;

describe("royalty splitters", function () {
  async function deployFactory() {
    const deployed = await deployRegistry();
    const factory = await (await ethers.deployContract("RoyaltySplitterFactory")).getAddress();
    const shares = [
      { payee: deployed.owner.address, share: 3n },
      { payee: deployed.curator.address, share: 1n },
    ];
    return { ...deployed, factory, shares, context: { signer: deployed.stranger } };
  }

  it("are made where they were predicted, once", async function () {
    const { factory, shares, context } = await loadFixture(deployFactory);
    const predicted = await predictSplitter(provider, factory, shares);
    const made = await createSplitter(provider, factory, shares, context);
    expect(made.address).to.equal(predicted);
    expect(made.transaction?.gasUsed).to.be.above(50_000n);
    expect(await createSplitter(provider, factory, shares, context)).to.deep.equal({ address: predicted });
    const other = await createSplitter(provider, factory, shares, context, `0x${"01".repeat(32)}`);
    expect(other.address).not.to.equal(predicted);
  });

  it("pay each payee its part, in ether and in a token", async function () {
    const { factory, shares, context, owner, curator, stranger } = await loadFixture(deployFactory);
    const { address } = await createSplitter(provider, factory, shares, context);
    await stranger.sendTransaction({ to: address, value: parseEther("1") });
    expect(await readShares(provider, address)).to.deep.equal([
      { payee: owner.address, share: 3n, releasable: parseEther("0.75"), released: 0n },
      { payee: curator.address, share: 1n, releasable: parseEther("0.25"), released: 0n },
    ]);
    const before = await provider.getBalance(owner);
    await releaseShare(provider, address, owner.address, context);
    expect((await provider.getBalance(owner)) - before).to.equal(parseEther("0.75"));

    const coin = await ethers.deployContract("ERC20Mock");
    const token = await coin.getAddress();
    await coin.getFunction("mint")(address, 100n);
    await releaseShare(provider, address, curator.address, context, token);
    expect(await coin.getFunction("balanceOf")(curator)).to.equal(25n);
    expect((await readShares(provider, address, token))[1]).to.include({ releasable: 0n, released: 25n });
  });

  it("are refused with a reason", async function () {
    const { factory, shares, context, registry, stranger } = await loadFixture(deployFactory);
    const first = shares[0] as (typeof shares)[0];
    for (const wrong of [[], [first, first], [{ ...first, share: 0n }], [{ ...first, share: 2n ** 32n }]]) {
      expect(await errorCode(() => createSplitter(provider, factory, wrong, context))).to.equal("TRANSACTION_REFUSED");
    }
    const { address } = await createSplitter(provider, factory, shares, context);
    for (const payee of [first.payee, stranger.address]) {
      expect(await errorCode(() => releaseShare(provider, address, payee, context))).to.equal("TRANSACTION_REFUSED");
    }
    for (const nothing of ["0x12", stranger.address, registry.address]) {
      expect(await errorCode(() => createSplitter(provider, nothing, shares, context))).to.equal("OPTION_INVALID");
      expect(await errorCode(() => readShares(provider, nothing))).to.equal("OPTION_INVALID");
    }
  });
});
