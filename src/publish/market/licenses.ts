import { Signature, type Signer, ZeroAddress } from "ethers";
import type { Hex } from "../../base/hex.ts";
import { recoverAccount } from "../../metadata/signature.ts";
import { CURRENCY_INTERFACE, readAllowance } from "../../registry/market/currency.ts";
import { MARKET_INTERFACE, type Market } from "../../registry/market/market.ts";
import { OFFER_TYPES, type Offer, hashOffer, offerDomain, toOfferStruct } from "../../registry/market/offer.ts";
import type { SignedOffer } from "../../registry/market/offer-file.ts";
import type { MinedTransaction } from "../sending/sent-transaction.ts";
import { type TransactionContext, transact } from "../transact.ts";

/** Signs an offer; nothing is sent. @returns the offer as it is handed to buyers */
export async function signOffer(market: Market, signer: Signer, offer: Offer): Promise<SignedOffer> {
  const given = (await signer.signTypedData(offerDomain(market), OFFER_TYPES, toOfferStruct(offer))) as Hex;
  // Some wallets end with 0 or 1 where the contract takes 27 or 28.
  const isOwn = recoverAccount(hashOffer(market, offer), given) === offer.seller;
  const signature = isOwn ? (Signature.from(given).serialized as Hex) : given;
  return { market: `eip155:${market.chainId}:${market.address}`, offer, signature };
}

/**
 * Lists an offer, so that nobody needs its signature. For its seller.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`; so do all below
 */
export async function listOffer(market: Market, offer: Offer, context: TransactionContext): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("list", [toOfferStruct(offer)]), context);
}

/** Makes an offer worthless. For its seller. */
export async function cancelOffer(
  market: Market,
  offer: Offer,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("cancel", [toOfferStruct(offer)]), context);
}

/**
 * To which amounts the market has to be allowed, one after the other, before it can take a price: none for ether, and none where it
 * may take as much already. Some tokens, USDT among them, only change an allowance from zero or to zero.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function neededAllowances(
  market: Market,
  { currency, price }: Pick<Offer, "currency" | "price">,
  payer: string,
): Promise<readonly bigint[]> {
  if (currency === ZeroAddress) return [];
  const allowed = await readAllowance(market.provider, currency, payer, market.address);
  if (allowed >= price) return [];
  return allowed > 0n ? [0n, price] : [price];
}

/** Lets the market take so much of an ERC-20 token from the signer. */
export async function allowPayment(
  market: Market,
  { currency, amount }: { readonly currency: string; readonly amount: bigint },
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = CURRENCY_INTERFACE.encodeFunctionData("approve", [market.address, amount]);
  return transact(market, { to: currency, data, contractInterface: CURRENCY_INTERFACE }, context);
}

/**
 * Buys a licence. For an ERC-20 token the market must be allowed to take the price.
 *
 * @param licensee - who will hold it
 */
export async function buyLicense(
  market: Market,
  { offer, signature }: Pick<SignedOffer, "offer" | "signature">,
  licensee: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = MARKET_INTERFACE.encodeFunctionData("buy", [toOfferStruct(offer), signature, licensee]);
  return change(market, data, context, offer.currency === ZeroAddress ? offer.price : 0n);
}

/** Renews a licence for the duration and at the price of its offer. */
export async function renewLicense(
  market: Market,
  licenseId: bigint,
  { duration, price, currency }: Pick<Offer, "duration" | "price" | "currency">,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = MARKET_INTERFACE.encodeFunctionData("renewSubscription", [licenseId, duration]);
  return change(market, data, context, currency === ZeroAddress ? price : 0n);
}

/** Ends a licence now. For its holder. */
export async function endLicense(
  market: Market,
  licenseId: bigint,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("cancelSubscription", [licenseId]), context);
}

async function change(
  market: Market,
  data: string,
  context: TransactionContext,
  value = 0n,
): Promise<MinedTransaction> {
  const call = { to: market.address, data, contractInterface: MARKET_INTERFACE, value };
  return transact(market, call, context);
}
