import { mapAtOnce } from "../../base/concurrency.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
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
const AT_ONCE = 8;
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
  return mapAtOnce(ids, AT_ONCE, async (id) => readLicense(market, id));
}

/** Reads one licence. @throws {ProvenanceError} `TOKEN_UNKNOWN`, `CHAIN_UNREACHABLE` */
export async function readLicense({ contract }: Market, licenseId: bigint): Promise<License> {
  const [holder, expires, isRenewable] = await askMarket(
    Promise.all([contract.ownerOf(licenseId), contract.expiresAt(licenseId), contract.isRenewable(licenseId)]),
  );
  const offerId = offerIdOfLicense(licenseId);
  return { licenseId, offerId, holder, isRenewable, ...(expires !== NEVER && { expires: Number(expires) }) };
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
