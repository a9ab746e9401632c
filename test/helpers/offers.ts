import type { Signer } from "ethers";
import { ZeroAddress } from "ethers";
import type { LicenseMarket } from "../../typechain-types/index.js";

/** An offer as the contract takes it. */
export interface OfferInput {
  registry: string;
  tokenId: bigint;
  seller: string;
  currency: string;
  price: bigint;
  duration: bigint;
  deadline: bigint;
  limit: bigint;
  kind: bigint;
  endsWhenRevoked: boolean;
  termsDigest: string;
  salt: bigint;
}

interface Addressable {
  getAddress(): Promise<string>;
}

/** What a licence allows, as the contract counts. */
export const Kind = { Use: 0n, Serve: 1n, Derive: 2n } as const;

/** Thirty days, in seconds. */
export const MONTH = 2_592_000n;

const TYPES = {
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

let salts = 0n;

/** An offer of a licence to use a model for a month, for 1 000 wei; another one at each call. */
export async function makeOffer(
  registry: Addressable,
  tokenId: bigint,
  seller: Addressable,
  overrides: Partial<Omit<OfferInput, "currency"> & { currency: Addressable | string }> = {},
): Promise<OfferInput> {
  const { currency = ZeroAddress, ...rest } = overrides;
  return {
    registry: await registry.getAddress(),
    tokenId,
    seller: await seller.getAddress(),
    currency: typeof currency === "string" ? currency : await currency.getAddress(),
    price: 1_000n,
    duration: MONTH,
    deadline: 0n,
    limit: 0n,
    kind: Kind.Use,
    endsWhenRevoked: false,
    termsDigest: `0x${"7e".repeat(32)}`,
    salt: ++salts,
    ...rest,
  };
}

/** A seller's signature of an offer, by the types that a wallet shows. */
export async function signOffer(market: LicenseMarket, signer: Signer, offer: OfferInput): Promise<string> {
  const { name, version, chainId, verifyingContract } = await market.eip712Domain();
  return signer.signTypedData({ name, version, chainId, verifyingContract }, TYPES, offer);
}

/** The first 23 bytes of an offer's hash. */
export async function offerIdOf(market: LicenseMarket, offer: OfferInput): Promise<string> {
  return (await market.hashOffer(offer)).slice(0, 48);
}

/** The id of the licence with this serial number under an offer. */
export async function licenseIdOf(market: LicenseMarket, offer: OfferInput, serial: bigint): Promise<bigint> {
  return (BigInt(await offerIdOf(market, offer)) << 32n) | serial;
}
