import { ProvenanceError } from "../../base/errors.ts";
import {
  allowPayment,
  buyLicense,
  cancelOffer,
  endLicense,
  neededAllowances,
  renewLicense,
} from "../../publish/market/licenses.ts";
import { readLicense } from "../../registry/market/licenses.ts";
import type { Market } from "../../registry/market/market.ts";
import { type Offer, offerIdOf, offerIdOfLicense } from "../../registry/market/offer.ts";
import { toOfferJson } from "../../registry/market/offer-file.ts";
import { readOfferStanding } from "../../registry/market/read-offers.ts";
import { refused } from "../../registry/standing.ts";
import type { ChainConnection } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type ChangeSession,
  type RegistryChange,
  makeChange,
  openChange,
  performChange,
  reportUnchanged,
} from "../change-registry.ts";
import { isoTime } from "../describe-time.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describePayment } from "../../registry/market/describe-trade.ts";
import { describeOffer, termsOf } from "../market/describe-offer.ts";
import { findOffer } from "../market/find-offer.ts";
import { requireMarket } from "../market/open-market.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type LicenseOptions = ChangeOptions & OptionValues<"market" | "offer" | "licensee" | "licenseId">;

/** Buys a licence; lets the market take the price first, where that is in an ERC-20 token. */
export async function runLicenseBuy(
  options: LicenseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const named = required(options, "offer");
  const { session, market } = await openSession(options, connection, terminal);
  const signed = await findOffer(market, named);
  const { offer } = signed;
  if (offer.registry !== session.registry.address) {
    const text = `the offer is of a model in the registry ${offer.registry}, and you named ${session.registry.address}`;
    throw refused(`${text}: anybody can make a registry, so name the one that you trust`);
  }
  const licensee = options.licensee ?? session.from;
  const isPaid = await allow(session, market, offer);
  if (isPaid !== undefined) return isPaid;
  return makeChange(session, {
    verb: "license buy",
    consequences: {
      changes: `${licensee} holds ${describeOffer(offer)}`,
      affects: `${offer.seller} is paid ${describePayment(offer.price, offer.currency)}, less the shares of the model's parents; the terms are ${termsOf(offer)}`,
      undo: "never: a licence can be given away or ended, and nothing is paid back",
    },
    question: "Buy the licence?",
    done: `${licensee} holds a licence to ${offer.kind} the model`,
    changed: { offerId: offerIdOf(market, offer), licensee, offer: toOfferJson(offer) },
    send: async (context) => buyLicense(market, signed, licensee, context),
  });
}

/** Pays for one more duration of a licence. */
export async function runLicenseRenew(
  options: LicenseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const licenseId = readLicenseId(required(options, "licenseId"));
  const { session, market } = await openSession(options, connection, terminal);
  const license = await readLicense(market, licenseId);
  const { offer } = await findOffer(market, license.offerId);
  if (!license.isRenewable) throw refused("the licence never ends, or its offer is no longer open");
  const isPaid = await allow(session, market, offer);
  if (isPaid !== undefined) return isPaid;
  return makeChange(session, {
    verb: "license renew",
    consequences: {
      changes: `${license.holder} holds the licence for one more duration: ${describeOffer(offer)}; until now it ends at ${isoTime(license.expires ?? 0)}`,
      affects: `${offer.seller} is paid ${describePayment(offer.price, offer.currency)}, less the shares of the model's parents`,
      undo: "never: nothing is paid back",
    },
    question: "Renew the licence?",
    done: `the licence ${licenseId} is renewed`,
    changed: { licenseId: String(licenseId), holder: license.holder, before: license.expires ?? null },
    send: async (context) => renewLicense(market, licenseId, offer, context),
  });
}

/** Makes an offer worthless, or ends a licence. */
export async function runLicenseCancel(
  options: LicenseOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const { session, market } = await openSession(options, connection, terminal);
  const { licenseId, offer: named } = options;
  if ((licenseId === undefined) === (named === undefined)) {
    throw new ProvenanceError("OPTION_MISSING", "Name either the offer (LICENSE_OFFER) or the licence (LICENSE_ID).");
  }
  return licenseId === undefined
    ? cancelOne(session, market, required(options, "offer"))
    : endOne(session, market, readLicenseId(licenseId));
}

async function cancelOne(session: ChangeSession, market: Market, named: string): Promise<ExitCode> {
  const { offer } = await findOffer(market, named);
  const offerId = offerIdOf(market, offer);
  if (offer.seller !== session.from) throw refused(`the offer is ${offer.seller}'s, and you are ${session.from}`);
  const { state } = await readOfferStanding(market, offerId);
  const changed = { offerId, before: state, after: "cancelled" };
  if (state === "cancelled") {
    return reportUnchanged(session, "license cancel", `the offer ${offerId} is cancelled already`, changed);
  }
  return makeChange(session, {
    verb: "license cancel",
    consequences: {
      changes: `nobody can buy or renew any more: ${describeOffer(offer)}`,
      affects: "whoever holds the offer; licences that were bought live to their end",
      undo: "never; you can make another offer",
    },
    question: "Cancel the offer?",
    done: `the offer ${offerId} is cancelled`,
    changed,
    send: async (context) => cancelOffer(market, offer, context),
  });
}

async function endOne(session: ChangeSession, market: Market, licenseId: bigint): Promise<ExitCode> {
  const { holder, expires } = await readLicense(market, licenseId);
  if (holder !== session.from) throw refused(`the licence is ${holder}'s, and you are ${session.from}`);
  return makeChange(session, {
    verb: "license cancel",
    consequences: {
      changes: `the licence ${licenseId} ends now${expires === undefined ? "" : `, instead of at ${isoTime(expires)}`}`,
      affects: "you: a gate turns you away from your next request on, and nothing is paid back",
      undo: "by license renew, while its offer is open",
    },
    question: "End the licence?",
    done: `the licence ${licenseId} has ended`,
    changed: { licenseId: String(licenseId), before: expires ?? null },
    send: async (context) => endLicense(market, licenseId, context),
  });
}

/** Lets the market take the price; an exit code where the payment cannot follow in this run. */
async function allow(session: ChangeSession, market: Market, offer: Offer): Promise<ExitCode | undefined> {
  for (const amount of await neededAllowances(market, offer, session.from)) {
    const change = allowance(market, offer.currency, amount);
    const { transaction } = await performChange(session, change);
    if (transaction === undefined) {
      session.terminal.note("The licence can be bought once the market may take the price: run this again then.");
      return EXIT.done;
    }
  }
  return undefined;
}

function allowance(market: Market, currency: string, amount: bigint): RegistryChange {
  return {
    verb: "license buy",
    consequences: {
      changes: `the market ${market.address} may take ${amount} units of ${currency} from you`,
      affects: "you; the purchase comes next and takes exactly that",
      undo: "by setting the allowance to zero",
    },
    question: "Allow it?",
    done: "the market may take the price",
    changed: { currency, amount: String(amount) },
    send: async (context) => allowPayment(market, { currency, amount }, context),
  };
}

async function openSession(options: LicenseOptions, connection: ChainConnection, terminal: Terminal) {
  const session = await openChange(options, connection, terminal);
  return { session, market: await requireMarket(session.registry, options, connection.deploymentsFolder) };
}

function readLicenseId(text: string): bigint {
  if (/^(0x[0-9a-fA-F]{1,54}|\d{1,66})$/.test(text) && offerIdOfLicense(BigInt(text)).length === 48)
    return BigInt(text);
  throw new ProvenanceError("OPTION_INVALID", `LICENSE_ID takes the number of a licence, got ${JSON.stringify(text)}.`);
}
