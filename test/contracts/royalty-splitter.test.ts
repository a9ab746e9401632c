import { expect } from "chai";
import { deployModelProvenance, ethers, leanSubmission, networkHelpers } from "../helpers/deploy-model-provenance.ts";
import { tokenIdOf } from "../helpers/submissions.ts";

const { loadFixture } = networkHelpers;

const ETHER = ethers.ZeroAddress;

describe("RoyaltySplitter", function () {
  async function deploySplitter() {
    const context = await deployModelProvenance();
    const { owner, minter, curator } = context;
    const factory = await ethers.deployContract("RoyaltySplitterFactory");
    const payees = [owner.address, minter.address, curator.address];
    const shares = [1n, 2n, 4n];
    const salt = ethers.id("salt");
    const address = await factory.predictSplitter(payees, shares, salt);
    const create = (to: string[] = payees, parts: bigint[] = shares, by = salt) =>
      factory.createSplitter(to, parts, by);
    await create();
    const splitter = await ethers.getContractAt("RoyaltySplitter", address);
    return { ...context, factory, splitter, payees, shares, salt, address, create };
  }

  describe("createSplitter", function () {
    it("puts payees and shares into the code, at the predicted address", async function () {
      const { factory, splitter, payees, shares, address, create } = await loadFixture(deploySplitter);
      expect(await splitter.shares()).to.deep.equal([payees, shares]);
      const other = ethers.id("other");
      await expect(create(payees, shares, other))
        .to.emit(factory, "RoyaltySplitterCreated")
        .withArgs(await factory.predictSplitter(payees, shares, other), payees, shares);
      expect(address).not.to.equal(await factory.predictSplitter(payees, shares, other));
      expect(await factory.implementation()).not.to.equal(ETHER);
    });

    it("returns the one that exists, and changes nothing", async function () {
      const { factory, payees, shares, address, create, stranger, salt } = await loadFixture(deploySplitter);
      await expect(create()).not.to.emit(factory, "RoyaltySplitterCreated");
      expect(await factory.connect(stranger).createSplitter.staticCall(payees, shares, salt)).to.equal(address);
    });

    it("makes an implementation that refuses money, and divides nothing", async function () {
      const { factory, splitter, stranger } = await loadFixture(deploySplitter);
      const to = await factory.implementation();
      await expect(stranger.sendTransaction({ to, value: 1n }))
        .to.be.revertedWithCustomError(splitter, "RoyaltySplitterNotAClone")
        .withArgs();
      const implementation = splitter.attach(to) as typeof splitter;
      for (const call of [
        async () => implementation.shares(),
        async () => implementation.releasable(ETHER, stranger),
      ]) {
        await expect(call()).to.be.revertedWithCustomError(splitter, "RoyaltySplitterNotAClone").withArgs();
      }
    });

    it("reverts for lists that do not fit", async function () {
      const { factory, payees, create } = await loadFixture(deploySplitter);
      const lists: [string[], bigint[]][] = [
        [[], []],
        [payees, [1n, 2n]],
        [Array.from({ length: 101 }, () => ethers.Wallet.createRandom().address), Array<bigint>(101).fill(1n)],
      ];
      for (const [to, parts] of lists) {
        await expect(create(to, parts))
          .to.be.revertedWithCustomError(factory, "RoyaltySplitterInvalidLength")
          .withArgs(to.length, parts.length, 100n);
      }
    });

    it("reverts for a payee or a share that is not valid", async function () {
      const { factory, owner, minter, create } = await loadFixture(deploySplitter);
      const maximum = 2n ** 32n - 1n;
      const cases: [string, bigint][] = [
        [ETHER, 1n],
        [owner.address, 1n],
        [minter.address, 0n],
        [minter.address, maximum + 1n],
      ];
      for (const [payee, share] of cases) {
        await expect(create([owner.address, payee], [1n, share]))
          .to.be.revertedWithCustomError(factory, "RoyaltySplitterInvalidShare")
          .withArgs(payee, share, maximum);
      }
    });
  });

  describe("release", function () {
    it("divides ether, and leaves less than one unit for each payee", async function () {
      const { splitter, stranger, payees, shares, address } = await loadFixture(deploySplitter);
      await expect(stranger.sendTransaction({ to: address, value: 1_000n }))
        .to.emit(splitter, "PaymentReceived")
        .withArgs(stranger.address, 1_000n);
      for (const [index, payee] of payees.entries()) {
        const due = (1_000n * (shares[index] ?? 0n)) / 7n;
        expect(await splitter.releasable(ETHER, payee)).to.equal(due);
        const release = splitter.release(ETHER, payee);
        await expect(release).to.changeEtherBalance(ethers, payee, due);
        await expect(release).to.emit(splitter, "PaymentReleased").withArgs(ETHER, payee, due);
        expect(await splitter.released(ETHER, payee)).to.equal(due);
      }
      expect(await ethers.provider.getBalance(address)).to.be.lessThan(3n);
      expect(await splitter.totalReleased(ETHER)).to.be.greaterThan(997n);
    });

    it("divides what came in between two releases", async function () {
      const { splitter, stranger, owner, minter, address } = await loadFixture(deploySplitter);
      await stranger.sendTransaction({ to: address, value: 700n });
      await splitter.release(ETHER, owner);
      await stranger.sendTransaction({ to: address, value: 700n });
      expect(await splitter.releasable(ETHER, owner)).to.equal(100n);
      expect(await splitter.releasable(ETHER, minter)).to.equal(400n);
    });

    for (const name of ["ERC20Mock", "FeeOnTransferERC20Mock"] as const) {
      it(`divides ${name} as it arrives`, async function () {
        const { splitter, stranger, payees, address } = await loadFixture(deploySplitter);
        const deployed = await ethers.deployContract(name);
        const token = await ethers.getContractAt("ERC20Mock", await deployed.getAddress());
        await token.mint(stranger, 10_000n);
        await token.connect(stranger).transfer(address, 10_000n);
        const arrived = await token.balanceOf(address);
        for (const payee of payees) await splitter.release(token, payee);
        expect(await splitter.totalReleased(token)).to.be.greaterThan(arrived - 3n);
        expect(await token.balanceOf(address)).to.be.lessThan(3n);
      });
    }

    it("reverts when nothing is due, or the account has no share", async function () {
      const { splitter, owner, stranger } = await loadFixture(deploySplitter);
      await expect(splitter.release(ETHER, owner))
        .to.be.revertedWithCustomError(splitter, "RoyaltySplitterNothingDue")
        .withArgs(ETHER, owner.address);
      await expect(splitter.release(ETHER, stranger))
        .to.be.revertedWithCustomError(splitter, "RoyaltySplitterUnknownPayee")
        .withArgs(stranger.address);
    });

    it("holds against a token that calls back", async function () {
      const { splitter, minter, address } = await loadFixture(deploySplitter);
      const token = await ethers.deployContract("HookedERC20Mock");
      await token.mint(address, 700n);
      await expect(splitter.release(token, minter))
        .to.be.revertedWithCustomError(splitter, "ReentrancyGuardReentrantCall")
        .withArgs();
    });

    it("holds against a payee that calls back or refuses, and pays the others", async function () {
      const { factory, owner, stranger, salt } = await loadFixture(deploySplitter);
      for (const refuses of [true, false]) {
        const payee = await ethers.deployContract("PayeeMock", [refuses]);
        const payees = [await payee.getAddress(), owner.address];
        await factory.createSplitter(payees, [1n, 1n], salt);
        const splitter = await ethers.getContractAt(
          "RoyaltySplitter",
          await factory.predictSplitter(payees, [1n, 1n], salt),
        );
        await payee.setSplitter(splitter);
        await stranger.sendTransaction({ to: splitter, value: 100n });
        await expect(splitter.release(ETHER, payee)).to.be.revert(ethers);
        await expect(splitter.release(ETHER, owner)).to.changeEtherBalance(ethers, owner, 50n);
      }
    });
  });

  it("credits everybody with the royalty of a secondary sale", async function () {
    const { registry, asMinter, owner, stranger, splitter, payees, shares, address } =
      await loadFixture(deploySplitter);
    const submission = leanSubmission("model", { royaltyReceiver: address, royaltyBasisPoints: 700n });
    const tokenId = tokenIdOf(submission);
    await asMinter.mintProvenanceNFT(owner, submission);

    const price = ethers.parseEther("1");
    const [receiver, amount] = await registry.royaltyInfo(tokenId, price);
    expect([receiver, amount]).to.deep.equal([address, (price * 7n) / 100n]);
    await stranger.sendTransaction({ to: receiver, value: amount });
    await stranger.sendTransaction({ to: owner, value: price - amount });
    await registry.connect(owner).transferFrom(owner, stranger, tokenId);
    for (const [index, payee] of payees.entries()) {
      await expect(splitter.release(ETHER, payee)).to.changeEtherBalance(
        ethers,
        payee,
        (amount * (shares[index] ?? 0n)) / 7n,
      );
    }
    expect(await ethers.provider.getBalance(address)).to.be.lessThan(3n);
  });
});
