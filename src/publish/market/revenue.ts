import type { Hex } from "../../base/hex.ts";
import { MARKET_INTERFACE, type Market } from "../../registry/market/market.ts";
import type { LicensedModel } from "../../registry/market/read-offers.ts";
import type { Credit } from "../../registry/market/revenue.ts";
import type { MinedTransaction } from "../sending/sent-transaction.ts";
import { type TransactionContext, transact } from "../transact.ts";

/**
 * Gives the parents their shares of what an offer brought, and the rest to its seller. For anybody.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`; so do all below
 */
export async function settleOffer(
  market: Market,
  offerId: Hex,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("settleOffer", [offerId]), context);
}

/** The same with what a model got from its children and its till. For anybody. */
export async function settleCredit(
  market: Market,
  { registry, tokenId }: LicensedModel,
  { version, account, currency }: Omit<Credit, "amount">,
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args = [registry, tokenId, version, account, currency] as const;
  return change(market, MARKET_INTERFACE.encodeFunctionData("settle", [...args]), context);
}

/** Brings in what lies in the till of a model. For anybody. */
export async function sweepTill(
  market: Market,
  { registry, tokenId }: LicensedModel,
  currency: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("sweep", [registry, tokenId, currency]), context);
}

/** Sends what the signer has of a currency to an account. */
export async function withdrawRevenue(
  market: Market,
  { currency, to }: { readonly currency: string; readonly to: string },
  context: TransactionContext,
): Promise<MinedTransaction> {
  return change(market, MARKET_INTERFACE.encodeFunctionData("withdraw", [currency, to]), context);
}

/** Sets the shares of a model's parents, in their order, or agrees to them. For creator and owner. */
export async function setUpstream(
  market: Market,
  { registry, tokenId }: LicensedModel,
  basisPoints: readonly number[],
  context: TransactionContext,
): Promise<MinedTransaction> {
  const data = MARKET_INTERFACE.encodeFunctionData("setUpstream", [registry, tokenId, [...basisPoints]]);
  return change(market, data, context);
}

/** Says what children that offer licences owe a model. For its owner. @param termsDigest - SHA-256 of the terms' text */
export async function setDerivativeTerms(
  market: Market,
  { registry, tokenId }: LicensedModel,
  { minimumBasisPoints, termsDigest }: { readonly minimumBasisPoints: number; readonly termsDigest: Hex },
  context: TransactionContext,
): Promise<MinedTransaction> {
  const args = [registry, tokenId, minimumBasisPoints, termsDigest] as const;
  return change(market, MARKET_INTERFACE.encodeFunctionData("setDerivativeTerms", [...args]), context);
}

async function change(market: Market, data: string, context: TransactionContext): Promise<MinedTransaction> {
  return transact(market, { to: market.address, data, contractInterface: MARKET_INTERFACE }, context);
}
