import type { Market } from "./market.ts";
import { type LicensedModel, type OpenedOffer, listOffers } from "./read-offers.ts";
import {
  type Credit,
  type Upstream,
  listCredits,
  readDerivativeTerms,
  readTill,
  readUpstream,
  readWithdrawable,
} from "./revenue.ts";

/** What a model brought, and what became of it. */
export interface Revenue {
  /** Which parents get which part. */
  readonly upstream: Upstream;
  /** What its owner asks of children that offer licences, where something. */
  readonly terms: Awaited<ReturnType<typeof readDerivativeTerms>>;
  /** Offers whose payments wait to be divided between the parents and the seller. */
  readonly unsettledOffers: readonly OpenedOffer[];
  /** What came from children or the till and waits to be divided. */
  readonly credits: readonly Credit[];
  /** What lies in its till of the currency. */
  readonly till: { readonly address: string; readonly amount: bigint };
  /** What the owner can take out of the currency. */
  readonly due: bigint;
}

/**
 * Reads what a model brought, what waits to be settled, and what its owner can take out.
 *
 * @param currency - of the till and of what can be taken out; the zero address: ether
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readRevenue(
  market: Market,
  model: LicensedModel,
  { owner, currency }: { readonly owner: string; readonly currency: string },
): Promise<Revenue> {
  const [upstream, terms, offers, credits, till, due] = await Promise.all([
    readUpstream(market, model),
    readDerivativeTerms(market, model),
    listOffers(market, model),
    listCredits(market, model),
    readTill(market, model, currency),
    readWithdrawable(market, owner, currency),
  ]);
  return { upstream, terms, unsettledOffers: offers.filter(({ unsettled }) => unsettled > 0n), credits, till, due };
}
