import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { leanSubmission, Relation, tokenIdOf } from "../../test/helpers/submissions.ts";
import { licenseIdOf, makeOffer, offerIdOf, signOffer } from "../../test/helpers/offers.ts";
import { type Connection, gasOf } from "./measure.ts";

type Accounts = [HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner, HardhatEthersSigner];

/** Gas used in the licence market, by what was done. */
export type MarketGas = Record<
  | "paidMint"
  | "paidMintNewReceiver"
  | "buy"
  | "buyNewReceiver"
  | "buyFirst"
  | "buyEther"
  | "renew"
  | "settleOneParent"
  | "settleOneParentFirst"
  | "withdraw"
  | "sweep"
  | "licenseTransfer",
  number
>;

const PRICE = 1_000_000n;

/**
 * Measures the market beside a token of OpenZeppelin that is paid for in one transaction. As in the registry's table the
 * second time is measured, for the same receiver, and for one who had none before; `First` says that it is the first one.
 */
export async function measureMarketGas({ ethers }: Connection): Promise<MarketGas> {
  const [admin, owner, buyer, other] = (await ethers.getSigners()) as Accounts;
  const registry = await ethers.deployContract("ModelProvenanceNFT", ["M", "M", admin, admin, admin, admin, 0]);
  const market = await ethers.deployContract("LicenseMarket");
  const token = await ethers.deployContract("ERC20Mock");
  const paid = await ethers.deployContract("PaidERC721", [token, PRICE, owner]);

  const parent = leanSubmission("parent");
  const child = leanSubmission("child", { relation: Relation.FineTune, parents: [tokenIdOf(parent)] });
  await registry.connect(admin).mintBatch(owner, [parent]);
  await registry.connect(admin).mintBatch(admin, [child]);
  await token.mint(owner, 1n); // Nobody's first coin is counted.
  for (const account of [buyer, admin, other]) {
    await token.mint(account, 1_000n * PRICE);
    for (const spender of [market, paid]) await token.connect(account).approve(spender, ethers.MaxUint256);
  }
  await token.mint(market, 1n);

  const parentOffer = await makeOffer(registry, tokenIdOf(parent), owner, { currency: token, price: PRICE });
  const childOffer = await makeOffer(registry, tokenIdOf(child), admin, { currency: token, price: PRICE });
  const etherOffer = await makeOffer(registry, tokenIdOf(parent), owner, { price: PRICE });
  const signature = await signOffer(market, owner, parentOffer);

  await paid.connect(buyer).buy(buyer);
  const buyFirst = await gasOf(market.connect(buyer).buy(parentOffer, signature, buyer));
  await market.connect(owner).list(etherOffer);
  await market.connect(buyer).buy(etherOffer, "0x", buyer, { value: PRICE });
  const report = {
    paidMint: await gasOf(paid.connect(buyer).buy(buyer)),
    paidMintNewReceiver: await gasOf(paid.connect(buyer).buy(other)),
    buy: await gasOf(market.connect(buyer).buy(parentOffer, "0x", buyer)),
    buyNewReceiver: await gasOf(market.connect(buyer).buy(parentOffer, "0x", other)),
    buyFirst,
    buyEther: await gasOf(market.connect(buyer).buy(etherOffer, "0x", buyer, { value: PRICE })),
  };

  const licenseId = await licenseIdOf(market, parentOffer, 1n);
  const renew = await gasOf(market.connect(buyer).renewSubscription(licenseId, parentOffer.duration));

  await market.connect(admin).setUpstream(registry, tokenIdOf(child), [1_000]);
  await market.connect(admin).list(childOffer);
  const childOfferId = await offerIdOf(market, childOffer);
  const settle = () => market.connect(other).settleOffer(childOfferId);
  await market.connect(buyer).buy(childOffer, "0x", buyer);
  const settleOneParentFirst = await gasOf(settle());
  await market.connect(buyer).buy(childOffer, "0x", buyer);
  const settleOneParent = await gasOf(settle());
  await market.settleOffer(await offerIdOf(market, parentOffer));
  const withdraw = await gasOf(market.connect(owner).withdraw(token, owner));

  const till = await market.tillAddress(registry, tokenIdOf(parent));
  await token.mint(till, PRICE);
  await market.sweep(registry, tokenIdOf(parent), token);
  await token.mint(till, PRICE);
  const sweep = await gasOf(market.sweep(registry, tokenIdOf(parent), token));
  const licenseTransfer = await gasOf(market.connect(buyer).transferFrom(buyer, other, licenseId));
  return { ...report, renew, settleOneParentFirst, settleOneParent, withdraw, sweep, licenseTransfer };
}
