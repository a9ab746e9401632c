import { findDeployed } from "../../registry/deployments.ts";
import { type Market, openMarket } from "../../registry/market/market.ts";
import type { Registry } from "../../registry/registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { OptionValues } from "../options.ts";

const MARKET_NAME = "LicenseMarket#LicenseMarket";

/**
 * Opens the market of licences beside a registry: the one that is named, that of the registries file, or the one that
 * Ignition recorded for the chain.
 *
 * @returns undefined where none is known
 * @throws {ProvenanceError} `MARKET_NOT_FOUND`, `CHAIN_UNREACHABLE`
 */
export async function findMarket(
  { provider, chainId, market }: Registry,
  { market: named }: OptionValues<"market">,
  deploymentsFolder?: string,
): Promise<Market | undefined> {
  const recorded = async () =>
    deploymentsFolder === undefined ? undefined : findDeployed(deploymentsFolder, chainId, MARKET_NAME);
  const address = named ?? market ?? (await recorded());
  return address === undefined ? undefined : openMarket(provider, address);
}

/** The same where there must be one. @throws {ProvenanceError} `OPTION_MISSING` where none is known */
export async function requireMarket(
  registry: Registry,
  options: OptionValues<"market">,
  deploymentsFolder: string,
): Promise<Market> {
  const market = await findMarket(registry, options, deploymentsFolder);
  if (market !== undefined) return market;
  throw new ProvenanceError(
    "OPTION_MISSING",
    `No market of licences is known on chain ${registry.chainId}: deploy one with DEPLOY_MARKET=1 and scripts/deploy.ts, or ` +
      "set LICENSE_MARKET (--market).",
  );
}
