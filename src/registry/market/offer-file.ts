import { z } from "zod";
import { ProvenanceError } from "../../base/errors.ts";
import { type Hex, toHex32 } from "../../base/hex.ts";
import { canonicalJson } from "../../metadata/canonical-json.ts";
import { parseUntrustedJson } from "../../metadata/json-limits.ts";
import { addressSchema, digestSchema } from "../submission-json.ts";
import { LICENSE_KINDS, type Offer } from "./offer.ts";

/** An offer as it is handed to buyers. */
export interface SignedOffer {
  /** CAIP-10 account of the market. */
  readonly market: string;
  readonly offer: Offer;
  /** The seller's signature; `0x` for an offer that is listed. */
  readonly signature: Hex;
}

const MAX_BYTES = 64 * 1024;
const amount = (bits: number) =>
  z
    .string()
    .regex(/^(0|[1-9]\d{0,77})$/, "must be a decimal number in quotes")
    .transform(BigInt)
    .refine((value) => value < 1n << BigInt(bits), `must be below 2^${bits}`);

const offerSchema = z.strictObject({
  registry: addressSchema,
  tokenId: digestSchema,
  seller: addressSchema,
  currency: addressSchema,
  price: amount(128),
  duration: amount(40),
  deadline: amount(40),
  limit: amount(64),
  kind: z.enum(LICENSE_KINDS),
  endsWhenRevoked: z.boolean(),
  termsDigest: digestSchema,
  salt: digestSchema,
});

const fileSchema = z.strictObject({
  schemaVersion: z.literal("1.0"),
  market: z.string().regex(/^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/, "must be a CAIP-10 account"),
  offer: offerSchema,
  signature: z.custom<Hex>(
    (text) => typeof text === "string" && /^0x([0-9a-f]{2}){0,4096}$/.test(text),
    "must be 0x and lower-case hex digits",
  ),
});

/** Writes an offer as JSON: canonical, so the same offer is the same bytes. */
export function formatOfferFile({ market, offer, signature }: SignedOffer): Uint8Array {
  return canonicalJson({ schemaVersion: "1.0", market, offer: toOfferJson(offer), signature });
}

/** An offer as JSON holds it: numbers as decimal text, token id and salt as 0x-hex of 32 bytes. */
export function toOfferJson({ tokenId, salt, price, duration, deadline, limit, ...rest }: Offer) {
  return {
    ...rest,
    tokenId: toHex32(tokenId),
    salt: toHex32(salt),
    price: String(price),
    duration: String(duration),
    deadline: String(deadline),
    limit: String(limit),
  };
}

/**
 * Reads an offer. Its form is checked; whether it is its seller's the market decides.
 *
 * @throws {ProvenanceError} `OFFER_INVALID`
 */
export function parseOfferFile(bytes: Uint8Array): SignedOffer {
  let json: unknown;
  try {
    json = parseUntrustedJson(bytes, MAX_BYTES, "It");
  } catch (cause) {
    throw invalid((cause as Error).message, cause);
  }
  const parsed = fileSchema.safeParse(json);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as { path: PropertyKey[]; message: string };
    throw invalid(`${path.join(".") || "It"} ${message}.`, parsed.error);
  }
  const { market, offer, signature } = parsed.data;
  return { market, offer: { ...offer, tokenId: BigInt(offer.tokenId), salt: BigInt(offer.salt) }, signature };
}

function invalid(fault: string, cause: unknown): ProvenanceError {
  return new ProvenanceError("OFFER_INVALID", `The offer is not valid. ${fault} Get it again from its seller.`, {
    cause,
  });
}
