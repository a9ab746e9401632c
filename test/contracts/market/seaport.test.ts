import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { deployUpstream, ETHER, ethers, networkHelpers } from "./deploy-market.ts";
import { leanSubmission, Relation, tokenIdOf } from "../../helpers/submissions.ts";

const { loadFixture, time } = networkHelpers;

/** Where @opensea/seaport-js keeps the compiled contracts of Seaport 1.6. */
const ARTIFACTS = new URL(
  "../../../node_modules/@opensea/seaport-js/src/artifacts/seaport/contracts/",
  import.meta.url,
);

/** Seaport 1.6 as it was compiled by its authors. */
async function deploySeaport() {
  const deploy = async (path: string, args: unknown[]) => {
    const { abi, bytecode } = JSON.parse(await readFile(new URL(path, ARTIFACTS), "utf8")) as {
      abi: object[];
      bytecode: string;
    };
    const [signer] = await ethers.getSigners();
    return (await new ethers.ContractFactory(abi, bytecode, signer).deploy(...args)).waitForDeployment();
  };
  const conduits = await deploy("conduit/ConduitController.sol/LocalConduitController.json", []);
  return deploy("Seaport.sol/Seaport.json", [await conduits.getAddress()]);
}

describe("LicenseMarket beside Seaport", function () {
  it("takes the royalty of a resale in, and gives the parent a part of it", async function () {
    const { market, registry, asMinter, owner, minter, buyer, baseOwner, baseId } = await loadFixture(deployUpstream);
    const seaport = await deploySeaport();
    const seed = "resold";
    const draft = leanSubmission(seed, { relation: Relation.FineTune, parents: [baseId] });
    const tokenId = tokenIdOf(draft);
    const till = await market.tillAddress(registry, tokenId);
    await asMinter.mintProvenanceNFT(owner, { ...draft, royaltyReceiver: till, royaltyBasisPoints: 1_000n });
    for (const account of [minter, owner]) await market.connect(account).setUpstream(registry, tokenId, [2_000]);

    // What a marketplace does: it asks for the royalty and adds its receiver to the order.
    const price = 1_000_000n;
    const [receiver, royalty] = await registry.royaltyInfo(tokenId, price);
    expect([receiver, royalty]).to.deep.equal([till, 100_000n]);
    const pay = (recipient: string, amount: bigint) => ({
      itemType: 0,
      token: ETHER,
      identifierOrCriteria: 0n,
      startAmount: amount,
      endAmount: amount,
      recipient,
    });
    const now = await time.latest();
    const token = { itemType: 2, token: await registry.getAddress(), identifierOrCriteria: tokenId };
    const parameters = {
      offerer: owner.address,
      zone: ETHER,
      offer: [{ ...token, startAmount: 1n, endAmount: 1n }],
      consideration: [pay(owner.address, price - royalty), pay(receiver, royalty)],
      orderType: 0,
      startTime: now,
      endTime: now + 86_400,
      zoneHash: ethers.ZeroHash,
      salt: 1n,
      conduitKey: ethers.ZeroHash,
      totalOriginalConsiderationItems: 2n,
    };
    const order = { parameters, signature: "0x" };
    await registry.connect(owner).approve(seaport, tokenId);
    await seaport.connect(owner).getFunction("validate")([order]);
    await seaport.connect(buyer).getFunction("fulfillOrder")(order, ethers.ZeroHash, { value: price });
    expect(await registry.ownerOf(tokenId)).to.equal(buyer.address);
    expect(await ethers.provider.getBalance(till)).to.equal(royalty);

    await market.sweep(registry, tokenId, ETHER);
    await market.settle(registry, tokenId, 1n, buyer, ETHER);
    await expect(market.connect(baseOwner).withdraw(ETHER, baseOwner)).to.changeEtherBalances(
      ethers,
      [market, baseOwner],
      [-20_000n, 20_000n],
    );
    expect(await market.withdrawable(buyer, ETHER)).to.equal(80_000n);
  });
});
