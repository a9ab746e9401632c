import { ProvenanceError } from "../../base/errors.ts";
import { toHex32 } from "../../base/hex.ts";
import { type License, listLicenses } from "../../registry/market/licenses.ts";
import { type OpenedOffer, listOffers } from "../../registry/market/read-offers.ts";
import { type Upstream, readUpstream } from "../../registry/market/revenue.ts";
import type { ModelPlaces } from "../../registry/indexer/indexer-client.ts";
import type { Registry } from "../../registry/registry.ts";
import { findDeploymentsFolder } from "../deployments-folder.ts";
import { type Options, settingsOf } from "../options.ts";
import {
  describeLicense,
  describeOpened,
  describeShares,
  toLicenseDocument,
  toOfferDocument,
} from "./describe-offer.ts";
import { findMarket } from "./open-market.ts";

/** What is offered and sold of a model, and whose part it is. */
export interface Trade {
  readonly market: string;
  readonly offers: readonly OpenedOffer[];
  readonly licenses: readonly License[];
  readonly upstream: Upstream;
}

/**
 * Reads what the market of a registry knows of a model.
 *
 * @param places - where alone offers are looked for
 * @returns undefined where no market is known, or where it could not be asked, which is said
 */
export async function readTrade(
  registry: Registry,
  tokenId: bigint,
  options: Options,
  warn: (text: string) => void,
  places?: ModelPlaces,
): Promise<Trade | undefined> {
  try {
    const folder = await findDeploymentsFolder(registry.chainId, settingsOf(options).variables);
    const market = await findMarket(registry, options, folder);
    if (market === undefined) return undefined;
    const model = { registry: registry.address, tokenId };
    const named = places?.markets.get(market.address.toLowerCase());
    const [offers, upstream] = await Promise.all([listOffers(market, model, named), readUpstream(market, model)]);
    return { market: market.address, offers, upstream, licenses: await listLicenses(market, offers) };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "CHAIN_UNREACHABLE") throw error;
    warn(`Offers and licences were not read: ${error.message}`);
    return undefined;
  }
}

/** What is offered and sold, in lines for a person. */
export function tradeLines({ offers, licenses, upstream }: Trade): string[] {
  const shares = upstream.version === 0 ? [] : [`of what it brings the parents get ${describeShares(upstream.shares)}`];
  const now = Date.now() / 1000;
  return [...offers.map(describeOpened), ...licenses.map((license) => describeLicense(license, now)), ...shares];
}

/** The same for a program. */
export function toTradeDocument({ market, offers, licenses, upstream }: Trade) {
  return {
    market,
    offers: offers.map(toOfferDocument),
    licenses: licenses.map(toLicenseDocument),
    upstream: upstream.shares.map(({ parentId, basisPoints }) => ({ parentId: toHex32(parentId), basisPoints })),
  };
}
