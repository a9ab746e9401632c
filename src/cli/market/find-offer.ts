import type { Hex } from "../../base/hex.ts";
import { readGivenFile } from "../../base/given-file.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { type Market, askMarket } from "../../registry/market/market.ts";
import { type SignedOffer, parseOfferFile } from "../../registry/market/offer-file.ts";
import { listOffers } from "../../registry/market/read-offers.ts";
import { refused } from "../../registry/standing.ts";

// More than any offer has: a file that grows while it is read is not read to the end.
const OFFER_FILE = { what: "The offer", maxBytes: 128 * 1024 };

/**
 * Finds an offer: in its file, or by its id among those that were opened on the chain.
 *
 * @param named - a path, or 0x-hex of 23 bytes
 * @throws {ProvenanceError} `OFFER_INVALID`, `TRANSACTION_REFUSED` for an offer of another market, `CHAIN_UNREACHABLE`
 */
export async function findOffer(market: Market, named: string): Promise<SignedOffer> {
  const place = `eip155:${market.chainId}:${market.address}`;
  if (!/^0x[0-9a-fA-F]{46}$/.test(named)) {
    const signed = parseOfferFile(await readGivenFile(named, OFFER_FILE));
    if (signed.market.toLowerCase() === place.toLowerCase()) return signed;
    throw refused(`the offer is of the market ${signed.market}, and not of ${place}`);
  }
  const offerId = named.toLowerCase() as Hex;
  const { registry, tokenId, state } = await askMarket(market.contract.getOffer(offerId));
  const found = state === 0n ? [] : await listOffers(market, { registry, tokenId });
  const offer = found.find((one) => one.offerId === offerId)?.offer;
  if (offer !== undefined) return { market: place, offer, signature: "0x" };
  throw new ProvenanceError(
    "OFFER_INVALID",
    `The market ${market.address} knows no offer ${offerId}: it was never listed or bought of. Name its file.`,
  );
}
