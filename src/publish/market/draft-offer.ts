import { ZeroAddress, randomBytes } from "ethers";
import { toHex } from "../../base/hex.ts";
import type { Moment } from "../../base/values.ts";
import { type Block, rawBlock } from "../../content/cid.ts";
import type { Offer } from "../../registry/market/offer.ts";
import type { Registry } from "../../registry/registry.ts";
import { assertOwner, requireRecord, resolveMoment } from "../../registry/standing.ts";

/** The most that the text of terms may have, in bytes: it is one block. */
export const TERMS_MAX_BYTES = 1024 * 1024;

/** What an owner says of an offer. */
export interface OfferTerms extends Pick<Offer, "tokenId" | "price" | "kind" | "endsWhenRevoked"> {
  /** An ERC-20 token; ether unless given. */
  readonly currency?: string;
  /** In seconds; for ever unless given. */
  readonly duration?: bigint;
  /** Until when it is sold; without an end unless given. */
  readonly deadline?: Moment;
  /** How many licences at most; without a limit unless given. */
  readonly limit?: bigint;
  /** The text of the terms, from 1 to {@link TERMS_MAX_BYTES} bytes. */
  readonly text: Uint8Array;
}

/** An offer that nothing was signed or sent of yet. */
export interface DraftedOffer {
  readonly offer: Offer;
  /** The text of the terms as it is pinned: the offer names its digest. */
  readonly terms: Block;
}

/**
 * Makes an offer as the market takes it, another one at each call. Nothing is signed or sent.
 *
 * @param seller - who signs; must own the model
 * @throws {ProvenanceError} `TOKEN_UNKNOWN`, `TRANSACTION_REFUSED` where it is somebody else's, `CHAIN_UNREACHABLE`
 */
export async function draftOffer(registry: Registry, seller: string, said: OfferTerms): Promise<DraftedOffer> {
  const { tokenId, price, kind, endsWhenRevoked, text, deadline } = said;
  const { currency = ZeroAddress, duration = 0n, limit = 0n } = said;
  const terms = rawBlock(text);
  assertOwner(await requireRecord(registry, tokenId), seller);
  const offer: Offer = {
    registry: registry.address,
    tokenId,
    seller,
    currency,
    price,
    duration,
    deadline: deadline === undefined ? 0n : await resolveMoment(registry, deadline),
    limit,
    kind,
    endsWhenRevoked,
    termsDigest: toHex(terms.cid.multihash.digest),
    salt: BigInt(toHex(randomBytes(32))),
  };
  return { offer, terms };
}
