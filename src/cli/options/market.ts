import { everyday, choice, invalid, list, option, readAddress, text, toggle } from "../../base/option.ts";
import { parseDuration, parseLimit } from "../../base/values.ts";

// The library has this list too, beside what takes long to load.
const KIND_WORDS = ["use", "serve", "derive"] as const;

/** Licences that are bought and sold, and what they bring. */
export const MARKET_OPTIONS = {
  market: option(
    "market",
    "LICENSE_MARKET",
    "the market of licences; else that of the registries file, or the one that Ignition recorded",
    readAddress,
  ),
  licensePrice: text(
    "license-price",
    "LICENSE_PRICE",
    "what a licence costs: in ether, or with --currency in the token's smallest unit",
  ),
  licenseKind: choice(
    "kind",
    "LICENSE_KIND",
    "what a licence allows: use, serve or derive; use if not given",
    KIND_WORDS,
  ),
  licenseDuration: option(
    "duration",
    "LICENSE_DURATION",
    "how long a licence lasts: 30d, 12h, 4w; for ever if not given",
    readDuration,
  ),
  licenseLimit: option("license-limit", "LICENSE_LIMIT", "how many licences at most; no limit if not given", readLimit),
  termsPath: text("terms", "TERMS_PATH", "the file with the terms; its text is pinned, and everybody can read it"),
  endsWhenRevoked: toggle(
    "ends-when-revoked",
    "ENDS_WHEN_REVOKED",
    "end the access of licences when the model is revoked",
  ),
  offer: everyday(text("offer", "LICENSE_OFFER", "an offer: its file, or the id of one that is listed"), "offer.json"),
  licensee: option("licensee", "LICENSEE", "who will hold the licence; else the account that signs", readAddress),
  licenseId: text("license-id", "LICENSE_ID", "the id of a licence"),
  shares: list("share", "UPSTREAM_SHARES", "a parent's share in basis points, 0x2d6b…=1000, comma-separated"),
  minimumBasisPoints: option(
    "minimum",
    "DERIVATIVE_MINIMUM",
    "the least share of children that offer licences, in basis points",
    readBasisPoints,
  ),
} as const;

function readDuration(value: string, name: string): bigint {
  return parseDuration(value) ?? invalid(name, value, "a duration: 30d, 12h or 4w");
}

function readLimit(value: string, name: string): bigint {
  return parseLimit(value) ?? invalid(name, value, "a number of licences, at least 1");
}

function readBasisPoints(value: string, name: string): number {
  return /^\d{1,4}$/.test(value) && Number(value) <= 5_000
    ? Number(value)
    : invalid(name, value, "basis points from 0 to 5000");
}
