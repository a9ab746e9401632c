import { toHex32 } from "../../base/hex.ts";
import type { License } from "./licenses.ts";
import { toOfferJson } from "./offer-file.ts";
import type { OpenedOffer } from "./read-offers.ts";
import type { Trade } from "./trade.ts";

/** An offer for a program. */
export function toOfferDocument({ offer, unsettled, ...standing }: OpenedOffer) {
  return { ...standing, unsettled: String(unsettled), ...toOfferJson(offer) };
}

/** A licence for a program. */
export function toLicenseDocument({ licenseId, expires, ...rest }: License) {
  return { licenseId: String(licenseId), ...rest, expires: expires ?? null };
}

/** What is offered and sold of a model, for a program. */
export function toTradeDocument({ market, offers, licenses, upstream }: Trade) {
  return {
    market,
    offers: offers.map(toOfferDocument),
    licenses: licenses.map(toLicenseDocument),
    upstream: upstream.shares.map(({ parentId, basisPoints }) => ({ parentId: toHex32(parentId), basisPoints })),
  };
}
