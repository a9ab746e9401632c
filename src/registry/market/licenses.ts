import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { callMany } from "../call-many.ts";
import { type Market, askMarket } from "./market.ts";
import { LICENSE_KINDS, type LicenseKind, licenseIdOf, offerIdOfLicense } from "./offer.ts";
import type { LicensedModel, OpenedOffer } from "./read-offers.ts";

/** A licence: who holds it, and until when. */
export interface License {
  readonly licenseId: bigint;
  /** 0x-hex of 23 bytes. */
  readonly offerId: Hex;
  readonly holder: string;
  /** Unix time in seconds from which it is worth nothing; undefined: never. */
  readonly expires?: number;
  readonly isRenewable: boolean;
}

const MOST = 1_000;
const QUESTIONS = ["ownerOf", "expiresAt", "isRenewable"] as const;
const NEVER = 2n ** 64n - 1n;

/**
 * Reads the licences that were sold under offers, at most a thousand of each.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function listLicenses(market: Market, offers: readonly OpenedOffer[]): Promise<License[]> {
  const ids = offers.flatMap(({ offerId, sold }) =>
    Array.from({ length: Math.min(sold, MOST) }, (_, index) => licenseIdOf(offerId, index + 1)),
  );
  return readLicenses(market, ids);
}

/** Reads one licence. @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE` */
export async function readLicense(market: Market, licenseId: bigint): Promise<License> {
  return (await readLicenses(market, [licenseId]))[0] as License;
}

async function readLicenses(market: Market, ids: readonly bigint[]): Promise<License[]> {
  const calls = ids.flatMap((id) => QUESTIONS.map((name) => ({ name, args: [id] })));
  const answers = await callMany(market, calls);
  return ids.map((licenseId, i) => {
    const [holder, expires, isRenewable] = QUESTIONS.map((_, j): unknown => answers[i * QUESTIONS.length + j]?.[0]);
    if (typeof holder !== "string") {
      throw new ProvenanceError("TOKEN_UNKNOWN", `The market ${market.address} has no licence ${licenseId}.`);
    }
    const ends = expires !== NEVER && { expires: Number(expires) };
    return { licenseId, offerId: offerIdOfLicense(licenseId), holder, isRenewable: isRenewable === true, ...ends };
  });
}

/**
 * Whether an account holds a licence of a model that has not ended: of any kind, or of one.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function holdsLicense(
  { contract }: Market,
  { registry, tokenId }: LicensedModel,
  account: string,
  kind?: LicenseKind,
): Promise<boolean> {
  const answer =
    kind === undefined
      ? contract.hasAccess(registry, tokenId, account)
      : contract.hasLicense(registry, tokenId, LICENSE_KINDS.indexOf(kind), account);
  return askMarket(answer).catch((error: unknown) => {
    // A view of the market that refuses is one of another contract, or of a registry that is none: nobody knows.
    if (!(error instanceof ProvenanceError) || error.code === "CHAIN_UNREACHABLE") throw error;
    throw new ProvenanceError("CHAIN_UNREACHABLE", error.message, { cause: error });
  });
}
