import { type JsonRpcProvider, toBeHex } from "ethers";
import { LicenseMarket__factory } from "../../../typechain-types/factories/contracts/market/LicenseMarket__factory.ts";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import { type EarnedRevenue, earnRevenue } from "./earn-revenue.ts";
import { licenseIdOf, makeOffer, offerIdOf } from "../../../test/helpers/offers.ts";

/** What was done with a model. */
export interface TradedModel {
  readonly market: string;
  /** The offer under which a licence was bought, and one that was cancelled. */
  readonly offers: readonly [string, string];
  /** Who holds the licence in the end, 0x-hex in lower case, as all accounts here. */
  readonly holder: string;
  /** Who gets the royalty, and owns the model in the end. */
  readonly receiver: string;
  readonly licenseId: bigint;
  readonly minterRole: string;
  readonly revenue: EarnedRevenue;
}

const PRICE = 1_000n;

/**
 * Sells licences of a model in a market of its own: two offers, one cancelled; of the other a licence, bought, renewed and given
 * away. Its child earns revenue, see {@link earnRevenue}. Sets the royalty and roles, endorses a child and withdraws another, deprecates the model and gives it away.
 */
export async function tradeModel(
  provider: JsonRpcProvider,
  address: string,
  [id, child]: readonly [string, string],
): Promise<TradedModel> {
  const [owner, buyer, holder] = await Promise.all([0, 1, 2].map(async (index) => provider.getSigner(index)));
  if (owner === undefined || buyer === undefined || holder === undefined) throw new Error("the node has no accounts");
  const registry = ModelProvenanceNFT__factory.connect(address, owner);
  const market = await new LicenseMarket__factory(owner).deploy();
  const tokenId = BigInt(id);
  const [sold, cancelled] = [
    await makeOffer(registry, tokenId, owner),
    await makeOffer(registry, tokenId, owner, { limit: 1n }),
  ];
  await (await market.list(sold)).wait();
  await (await market.connect(buyer).buy(sold, "0x", buyer, { value: PRICE })).wait();
  const licenseId = await licenseIdOf(market, sold, 1n);
  await (await market.connect(buyer).renewSubscription(licenseId, sold.duration, { value: PRICE })).wait();
  await (await market.connect(buyer).transferFrom(buyer, holder, licenseId)).wait();
  await (await market.list(cancelled)).wait();
  await (await market.cancel(cancelled)).wait();

  const revenue = await earnRevenue(provider, market, address, [tokenId, BigInt(child)]);

  const minterRole = await registry.MINTER_ROLE();
  await (await registry.setTokenRoyalty(tokenId, buyer, 250n)).wait();
  await (await registry.grantRole(minterRole, buyer)).wait();
  await (await registry.grantRole(minterRole, holder)).wait();
  await (await registry.revokeRole(minterRole, buyer)).wait();
  const { chainId } = await provider.getNetwork();
  await (await registry.endorse(tokenId, chainId, address, child)).wait();
  await (await registry.endorse(tokenId, 1n, address, 7n)).wait();
  await (await registry.withdrawEndorsement(tokenId, 1n, address, 7n)).wait();
  await (await registry.setStatus(tokenId, 1, "there is a newer one")).wait();
  await (await registry.transferFrom(owner, buyer, toBeHex(tokenId, 32))).wait();
  return {
    market: await market.getAddress(),
    offers: [await offerIdOf(market, sold), await offerIdOf(market, cancelled)],
    holder: holder.address.toLowerCase(),
    receiver: buyer.address.toLowerCase(),
    licenseId,
    minterRole,
    revenue,
  };
}
