import { ZeroAddress, formatEther } from "ethers";
import type { Offer } from "../../registry/market/offer.ts";
import { rawCidOfDigest, toIpfsUri } from "../../content/cid.ts";
import { toHex32 } from "../../base/hex.ts";
import { describeSeconds, isoTime } from "../describe-time.ts";

/** Writes an amount of a currency; of ether where it is the zero address. */
export function describePayment(amount: bigint, currency: string): string {
  return currency === ZeroAddress ? `${formatEther(amount)} ether` : `${amount} units of ${currency}`;
}

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
