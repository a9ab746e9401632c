import { TypedDataEncoder } from "ethers";
import type { Hex } from "../../base/hex.ts";
import type { Market } from "./market.ts";

/** What a licence allows, in the order of the contract's enum. */
export const LICENSE_KINDS = ["use", "serve", "derive"] as const;

/** What a licence allows: to use a model, to serve its answers, or to derive models from it. */
export type LicenseKind = (typeof LICENSE_KINDS)[number];

/** What an owner of a model asks for a licence. */
export interface Offer {
  /** Address of the registry. */
  readonly registry: string;
  readonly tokenId: bigint;
  /** Who sells: the token's owner. */
  readonly seller: string;
  /** An ERC-20 token; the zero address: ether. */
  readonly currency: string;
  /** In the smallest unit of the currency, at most 2^128 - 1. */
  readonly price: bigint;
  /** In seconds; zero: for ever. */
  readonly duration: bigint;
  /** Unix time in seconds after which nothing is sold or renewed; zero: none. */
  readonly deadline: bigint;
  /** How many licences at most; zero: no limit. */
  readonly limit: bigint;
  readonly kind: LicenseKind;
  /** Whether a revocation of the model ends access. */
  readonly endsWhenRevoked: boolean;
  /** SHA-256 of the terms' text. */
  readonly termsDigest: Hex;
  readonly salt: bigint;
}

type Place = Pick<Market, "chainId" | "address">;

/** The types of an offer, as a wallet shows them. @see EIP-712 */
export const OFFER_TYPES = {
  Offer: [
    { name: "registry", type: "address" },
    { name: "tokenId", type: "uint256" },
    { name: "seller", type: "address" },
    { name: "currency", type: "address" },
    { name: "price", type: "uint128" },
    { name: "duration", type: "uint40" },
    { name: "deadline", type: "uint40" },
    { name: "limit", type: "uint64" },
    { name: "kind", type: "uint8" },
    { name: "endsWhenRevoked", type: "bool" },
    { name: "termsDigest", type: "bytes32" },
    { name: "salt", type: "uint256" },
  ],
};

/** The domain that offers of a market are signed in. @see EIP-712 */
export function offerDomain({ chainId, address }: Place) {
  return { name: "LicenseMarket", version: "1", chainId, verifyingContract: address };
}

/** An offer as the contract takes it, and a wallet signs it. */
export function toOfferStruct(offer: Offer) {
  return { ...offer, kind: BigInt(LICENSE_KINDS.indexOf(offer.kind)) };
}

/** What a seller signs: the hash that the contract computes. 0x-hex of 32 bytes. */
export function hashOffer(place: Place, offer: Offer): Hex {
  return TypedDataEncoder.hash(offerDomain(place), OFFER_TYPES, toOfferStruct(offer)) as Hex;
}

/** The id of an offer: the first 23 bytes of its hash, 0x-hex. */
export function offerIdOf(place: Place, offer: Offer): Hex {
  return hashOffer(place, offer).slice(0, 48) as Hex;
}

/** The id of a licence: its offer's, and a serial number that begins at 1. */
export function licenseIdOf(offerId: Hex, serial: number): bigint {
  return (BigInt(offerId) << 32n) | BigInt(serial);
}

/** The offer of a licence, 0x-hex of 23 bytes. */
export function offerIdOfLicense(licenseId: bigint): Hex {
  return `0x${(licenseId >> 32n).toString(16).padStart(46, "0")}`;
}
