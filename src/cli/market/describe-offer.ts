import type { License } from "../../registry/market/licenses.ts";
import type { Offer } from "../../registry/market/offer.ts";
import type { OpenedOffer } from "../../registry/market/read-offers.ts";
import { describePayment } from "../../registry/market/describe-trade.ts";
import type { ParentShare } from "../../registry/market/revenue.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import { toHex32 } from "../../base/hex.ts";
import { describeSeconds, isoTime } from "../describe-time.ts";

/** What somebody who buys gets and pays, in one sentence. */
export function describeOffer(offer: Offer): string {
  const { kind, tokenId, price, currency, duration, deadline, limit, endsWhenRevoked } = offer;
  const length = duration === 0n ? "for ever" : `for ${describeSeconds(Number(duration))}`;
  return [
    `a licence to ${kind} the model ${toHex32(tokenId)} ${length} for ${describePayment(price, currency)}`,
    ...(deadline === 0n ? [] : [`sold until ${isoTime(deadline)}`]),
    ...(limit === 0n ? [] : [`${limit} at most`]),
    ...(endsWhenRevoked ? ["ending when the model is revoked"] : []),
  ].join(", ");
}

/** Where the terms of an offer are. */
export function termsOf({ termsDigest }: Pick<Offer, "termsDigest">): string {
  return toIpfsUri(rawCidOfDigest(termsDigest));
}

/** Names shares for a person: parents by their ids. */
export function describeShares(shares: readonly ParentShare[]): string {
  return shares.map(({ parentId, basisPoints }) => `${toHex32(parentId)} ${basisPoints / 100} %`).join(", ");
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
