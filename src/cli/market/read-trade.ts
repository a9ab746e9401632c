import { ProvenanceError } from "../../base/errors.ts";
import type { ModelPlaces } from "../../registry/indexer/indexer-client.ts";
import { addTrades } from "../../registry/lineage/add-trades.ts";
import type { Lineage } from "../../registry/lineage/lineage-graph.ts";
import type { Market } from "../../registry/market/market.ts";
import { type Trade, readTrades } from "../../registry/market/trade.ts";
import { type Registry, toCaip10 } from "../../registry/registry.ts";
import { findDeploymentsFolder } from "../deployments-folder.ts";
import { type Options, settingsOf } from "../options.ts";
import { describeLicense, describeOpened, describeShares } from "./describe-offer.ts";
import { findMarket } from "./open-market.ts";

type Warn = (text: string) => void;

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
  warn: Warn,
  places?: ModelPlaces,
): Promise<Trade | undefined> {
  const ask = async (market: Market) => {
    const named = places?.markets.get(market.address.toLowerCase());
    return (await readTrades(market, registry.address, [tokenId], named))[0];
  };
  return askItsMarket(registry, options, ask, warn);
}

/**
 * Adds offers, licences and revenue shares to a lineage, from the market of each registry that is asked. One that is named
 * with an option is that of the chain on which the lineage begins.
 */
export async function addTradesOfAll(
  lineage: Lineage,
  registries: readonly Registry[],
  options: Options,
): Promise<Lineage> {
  const home = registries.find((registry) => lineage.start.startsWith(`${toCaip10(registry)}/`));
  const { market: _, ...withoutMarket } = options;
  let all = lineage;
  for (const registry of registries) {
    const known = registry.chainId === home?.chainId ? options : withoutMarket;
    const before = all;
    const warn = (gap: string) => (all = { ...all, gaps: [...all.gaps, gap] });
    all = (await askItsMarket(registry, known, async (market) => addTrades(before, registry, market), warn)) ?? all;
  }
  return all;
}

async function askItsMarket<T>(
  registry: Registry,
  options: Options,
  ask: (market: Market) => Promise<T>,
  warn: Warn,
): Promise<T | undefined> {
  try {
    const folder = await findDeploymentsFolder(registry.chainId, settingsOf(options).variables);
    const market = await findMarket(registry, options, folder);
    return market && (await ask(market));
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
