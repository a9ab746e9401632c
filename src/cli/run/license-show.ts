import { type License, listLicenses } from "../../registry/market/licenses.ts";
import { toOfferJson } from "../../registry/market/offer-file.ts";
import { type OpenedOffer, listOffers } from "../../registry/market/read-offers.ts";
import { requireRecord } from "../../registry/standing.ts";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { type ChainConnection, connectRegistry } from "../chain-connection.ts";
import { isoTime } from "../describe-time.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describeOffer, termsOf } from "../market/describe-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

/** Prints the offers of a model, and the licences that were sold under them. */
export async function runLicenseShow(
  options: OptionValues<"registryAddress" | "tokenId" | "market" | "format">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const registry = await connectRegistry(connection, options);
  await requireRecord(registry, tokenId);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const offers = await listOffers(market, { registry: registry.address, tokenId });
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

/** An offer and how it stands, in one line. */
export function describeOpened({ offerId, offer, state, isAlive, sold }: OpenedOffer): string {
  const standing = isAlive ? "open" : state === "cancelled" ? "cancelled" : "not sold now";
  return `offer ${offerId} (${standing}): ${describeOffer(offer)}; terms ${termsOf(offer)}; ${sold} sold, by ${offer.seller}`;
}

/** A licence in one line. @param now - Unix time in seconds */
export function describeLicense({ licenseId, holder, expires }: License, now: number): string {
  const end = expires === undefined ? "never ends" : `${expires > now ? "until" : "ended"} ${isoTime(expires)}`;
  return `licence ${licenseId}: ${holder}, ${end}`;
}

/** An offer for a program. */
export function toOfferDocument({ offer, unsettled, ...standing }: OpenedOffer) {
  return { ...standing, unsettled: String(unsettled), ...toOfferJson(offer) };
}

/** A licence for a program. */
export function toLicenseDocument({ licenseId, expires, ...rest }: License) {
  return { licenseId: String(licenseId), ...rest, expires: expires ?? null };
}
