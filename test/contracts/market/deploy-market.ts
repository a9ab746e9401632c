import {
  deployModelProvenance,
  ethers,
  leanSubmission,
  networkHelpers,
} from "../../helpers/deploy-model-provenance.ts";
import { makeOffer, type OfferInput } from "../../helpers/offers.ts";
import { Relation, tokenIdOf } from "../../helpers/submissions.ts";

export { ethers, networkHelpers };

/** Stands for ether where a currency is named. */
export const ETHER = ethers.ZeroAddress;

/**
 * A market beside a registry with a base model and a fine-tune of it. `owner` owns both, the minter made both; `buyer` has a
 * million of a token that the market may take.
 */
export async function deployMarket() {
  const context = await deployModelProvenance();
  const { registry, asMinter, minter, owner, stranger: buyer, treasury: other, deployer } = context;
  const market = await ethers.deployContract("LicenseMarket");
  const token = await ethers.deployContract("ERC20Mock");
  await token.mint(buyer, 1_000_000n);
  await token.connect(buyer).approve(market, ethers.MaxUint256);

  const base = leanSubmission("base");
  const baseId = tokenIdOf(base);
  const child = leanSubmission("fine-tune", { relation: Relation.FineTune, parents: [baseId] });
  const childId = tokenIdOf(child);
  await asMinter.mintBatch(owner, [base, child]);

  const offerOf = async (tokenId: bigint, overrides: Parameters<typeof makeOffer>[3] = {}) =>
    makeOffer(registry, tokenId, owner, overrides);
  /** An offer of the base model that is listed. */
  const listed = async (overrides: Parameters<typeof makeOffer>[3] = {}, tokenId = baseId): Promise<OfferInput> => {
    const offer = await offerOf(tokenId, overrides);
    await market.connect(owner).list(offer);
    return offer;
  };
  /** Buys a licence under an open offer, in ether where the offer says so. */
  const buy = async (offer: OfferInput, licensee: string = buyer.address) =>
    market.connect(buyer).buy(offer, "0x", licensee, { value: offer.currency === ETHER ? offer.price : 0n });
  return { ...context, market, token, buyer, other, deployer, minter, baseId, childId, offerOf, listed, buy };
}

/** The same with two tenths of the fine-tune's revenue owed to the base model, whose token another account owns. */
export async function deployUpstream() {
  const context = await deployMarket();
  const { registry, market, owner, minter, admin, baseId, childId } = context;
  await registry.connect(owner).transferFrom(owner, admin, baseId);
  await market.connect(minter).setUpstream(registry, childId, [2_000]);
  await market.connect(owner).setUpstream(registry, childId, [2_000]);
  return { ...context, baseOwner: admin };
}
