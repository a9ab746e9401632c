import type { EventPlaces } from "../event-places.ts";
import { type License, listLicenses } from "./licenses.ts";
import type { Market } from "./market.ts";
import { type OpenedOffer, listOffersOf } from "./read-offers.ts";
import { type Upstream, listUpstreams } from "./revenue.ts";

/** What is offered and sold of a model, and whose part it is. */
export interface Trade {
  /** Address of the market. */
  readonly market: string;
  readonly offers: readonly OpenedOffer[];
  /** At most a thousand of each offer. */
  readonly licenses: readonly License[];
  readonly upstream: Upstream;
}

/**
 * Reads what a market knows of models of one registry, with a number of requests that hardly grows with theirs.
 *
 * @param places - where alone offers are looked for
 * @returns in the order of the models
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readTrades(
  market: Market,
  registry: string,
  tokenIds: readonly bigint[],
  places?: EventPlaces,
): Promise<Trade[]> {
  const [offers, upstreams] = await Promise.all([
    listOffersOf(market, registry, tokenIds, places),
    listUpstreams(market, registry, tokenIds),
  ]);
  const licenses = Map.groupBy(await listLicenses(market, offers), ({ offerId }) => offerId);
  const byModel = Map.groupBy(offers, ({ offer }) => offer.tokenId);
  return tokenIds.map((tokenId, i) => {
    const own = byModel.get(tokenId) ?? [];
    return {
      market: market.address,
      offers: own,
      licenses: own.flatMap(({ offerId }) => licenses.get(offerId) ?? []),
      upstream: upstreams[i] as Upstream,
    };
  });
}
