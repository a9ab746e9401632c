import { type JsonRpcProvider, ZeroAddress } from "ethers";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";
import type { LicenseMarket } from "../../../typechain-types/index.js";
import { makeOffer, offerIdOf } from "../../../test/helpers/offers.ts";

/** What the market keeps in the end. */
export interface EarnedRevenue {
  /** Who sold, took out once, and can take out this. */
  readonly seller: string;
  readonly withdrawable: bigint;
}

const PRICE = 1_000n;

/**
 * Has a child sell a licence and divide what that brings with its parent: a tenth. What is sent to its till is divided as
 * well. Its seller takes out once, gives it away, and proposes a larger share to which the new owner does not agree.
 */
export async function earnRevenue(
  provider: JsonRpcProvider,
  market: LicenseMarket,
  address: string,
  [parent, child]: readonly [bigint, bigint],
): Promise<EarnedRevenue> {
  const [seller, buyer, owner] = await Promise.all([0, 1, 2].map(async (index) => provider.getSigner(index)));
  if (seller === undefined || buyer === undefined || owner === undefined) throw new Error("the node has no accounts");
  const registry = ModelProvenanceNFT__factory.connect(address, seller);
  const sold = market.connect(seller);
  await (await sold.setDerivativeTerms(address, parent, 500n, `0x${"7e".repeat(32)}`)).wait();
  await (await sold.setUpstream(address, child, [1_000n])).wait();
  const offer = await makeOffer(registry, child, seller, { price: PRICE });
  await (await sold.list(offer)).wait();
  await (await market.connect(buyer).buy(offer, "0x", buyer, { value: PRICE })).wait();
  await (await sold.settleOffer(await offerIdOf(market, offer))).wait();
  await (await sold.withdraw(ZeroAddress, buyer)).wait();

  await (await buyer.sendTransaction({ to: await market.tillAddress(address, child), value: 50n })).wait();
  await (await sold.sweep(address, child, ZeroAddress)).wait();
  await (await sold.settle(address, child, 1n, seller, ZeroAddress)).wait();
  await (await registry.transferFrom(seller, owner, child)).wait();
  await (await sold.setUpstream(address, child, [1_500n])).wait();
  return {
    seller: seller.address.toLowerCase(),
    withdrawable: await market.withdrawable(seller, ZeroAddress),
  };
}
