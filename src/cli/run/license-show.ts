import { describeNamed } from "../../registry/indexer/indexer-client.ts";
import { listLicenses } from "../../registry/market/licenses.ts";
import { listOffers } from "../../registry/market/read-offers.ts";
import { toCaip10 } from "../../registry/registry.ts";
import { requireRecord } from "../../registry/standing.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { toLicenseDocument, toOfferDocument } from "../../registry/market/trade-document.ts";
import { describeLicense, describeOpened } from "../market/describe-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { withIndexer } from "../open-indexer.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Prints the offers of a model, and the licences that were sold under them. */
export async function runLicenseShow(
  options: OptionValues<"registryAddress" | "tokenId" | "market" | "indexerUrl" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const registry = withIndexer(await connectRegistry(connection, options), options, (text) => terminal.warn(text));
  await requireRecord(registry, tokenId);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const places = await registry.indexer?.findPlaces(toCaip10(registry), tokenId);
  const named = places?.markets.get(market.address.toLowerCase());
  const offers = await listOffers(market, { registry: registry.address, tokenId }, named);
  if (registry.indexer && named) terminal.warn(describeNamed(registry.indexer, "Offers"));
  const licenses = await listLicenses(market, offers);
  if (options.format === "json") {
    const place = { chainId: Number(market.chainId), registry: registry.address, market: market.address };
    const document = {
      schemaVersion: "1.0",
      verb: "license show",
      ...place,
      tokenId: toHex32(tokenId),
      offers: offers.map(toOfferDocument),
      licenses: licenses.map(toLicenseDocument),
    };
    terminal.print(JSON.stringify(document, null, 2));
    return EXIT.done;
  }
  if (offers.length === 0) terminal.print(`No licence of ${toHex32(tokenId)} was ever listed or bought here.`);
  const now = Date.now() / 1000;
  for (const opened of offers) {
    terminal.print(describeOpened(opened));
    for (const license of licenses.filter(({ offerId }) => offerId === opened.offerId)) {
      terminal.print(`  ${describeLicense(license, now)}`);
    }
  }
  return EXIT.done;
}
