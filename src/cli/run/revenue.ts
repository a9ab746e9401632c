import { ZeroAddress } from "ethers";
import { toHex32 } from "../../base/hex.ts";
import { resolveTokenId } from "../../publish/prepare-model.ts";
import { settleCredit, settleOffer, sweepTill, withdrawRevenue } from "../../publish/market/revenue.ts";
import type { Market } from "../../registry/market/market.ts";
import { type LicensedModel, listOffers } from "../../registry/market/read-offers.ts";
import { listCredits, readTill, readWithdrawable } from "../../registry/market/revenue.ts";
import { requireRecord } from "../../registry/standing.ts";
import type { ChainConnection } from "../chain-connection.ts";
import {
  type ChangeOptions,
  type RegistryChange,
  makeChange,
  openChange,
  performChange,
  reportChange,
  reportUnchanged,
} from "../change-registry.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { describePayment } from "../../registry/market/describe-trade.ts";
import { requireMarket } from "../market/open-market.ts";
import { type OptionValues, required } from "../options.ts";
import type { Terminal } from "../terminal.ts";

type RevenueOptions = ChangeOptions & OptionValues<"market" | "tokenId" | "currency" | "mintTo">;

/** Divides all that a model brought between its parents and who earned it: purchases, its till, and what its children gave. */
export async function runRevenueSettle(
  options: RevenueOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const tokenId = await resolveTokenId(required(options, "tokenId"));
  const session = await openChange(options, connection, terminal);
  const { registry } = session;
  await requireRecord(registry, tokenId);
  const market = await requireMarket(registry, options, connection.deploymentsFolder);
  const model = { registry: registry.address, tokenId };
  const changes = [
    ...(await sweeps(market, model, options.currency ?? ZeroAddress)),
    ...(await offerSettlements(market, model)),
  ];
  let count = 0;
  const settle = async (change: RegistryChange) => {
    reportChange(session, change, await performChange(session, change));
    count++;
  };
  for (const change of changes) await settle(change);
  // What was just swept is among them now.
  for (const change of await creditSettlements(market, model)) await settle(change);
  if (count > 0) return EXIT.done;
  const changed = { tokenId: toHex32(tokenId) };
  return reportUnchanged(session, "revenue settle", `there is nothing to settle of ${toHex32(tokenId)}`, changed);
}

async function sweeps(market: Market, model: LicensedModel, currency: string): Promise<RegistryChange[]> {
  const till = await readTill(market, model, currency);
  if (till.amount === 0n) return [];
  const amount = describePayment(till.amount, currency);
  const done = `${amount} were brought in from the till ${till.address}`;
  const changed = { tokenId: toHex32(model.tokenId), till: till.address, currency, amount: String(till.amount) };
  const send: RegistryChange["send"] = async (context) => sweepTill(market, model, currency, context);
  return [
    toChange(
      `${amount} come from the till ${till.address} into the market, for the model's owner`,
      done,
      changed,
      send,
    ),
  ];
}

async function offerSettlements(market: Market, model: LicensedModel): Promise<RegistryChange[]> {
  const offers = (await listOffers(market, model)).filter(({ unsettled }) => unsettled > 0n);
  return offers.map(({ offerId, offer, unsettled }) => {
    const amount = describePayment(unsettled, offer.currency);
    const text = `${amount}, which the offer ${offerId} brought, are divided between the parents and ${offer.seller}`;
    const changed = { tokenId: toHex32(model.tokenId), offerId, currency: offer.currency, amount: String(unsettled) };
    const done = `${amount} of the offer ${offerId} are settled`;
    return toChange(text, done, changed, async (context) => settleOffer(market, offerId, context));
  });
}

async function creditSettlements(market: Market, model: LicensedModel): Promise<RegistryChange[]> {
  const credits = await listCredits(market, model);
  return credits.map((credit) => {
    const amount = describePayment(credit.amount, credit.currency);
    const text = `${amount}, which came from children or the till, are divided between the parents and ${credit.account}`;
    const changed = { tokenId: toHex32(model.tokenId), ...credit, amount: String(credit.amount) };
    const done = `${amount} for ${credit.account} are settled`;
    return toChange(text, done, changed, async (context) => settleCredit(market, model, credit, context));
  });
}

function toChange(
  changes: string,
  done: string,
  changed: RegistryChange["changed"],
  send: RegistryChange["send"],
): RegistryChange {
  return {
    verb: "revenue settle",
    consequences: {
      changes,
      affects: "those who are owed; you pay the gas and get nothing by it that is not yours",
      undo: "never, and it needs none: it only says whose the money is",
    },
    question: "Settle it?",
    done,
    changed,
    send,
  };
}

/** Takes out what the signer has in a currency. */
export async function runRevenueWithdraw(
  options: RevenueOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<ExitCode> {
  const session = await openChange(options, connection, terminal);
  const market = await requireMarket(session.registry, options, connection.deploymentsFolder);
  const currency = options.currency ?? ZeroAddress;
  const to = options.mintTo ?? session.from;
  const due = await readWithdrawable(market, session.from, currency);
  const amount = describePayment(due, currency);
  const changed = { account: session.from, to, currency, amount: String(due) };
  if (due === 0n) return reportUnchanged(session, "revenue withdraw", `nothing is due to ${session.from} now`, changed);
  return makeChange(session, {
    verb: "revenue withdraw",
    consequences: {
      changes: `${amount} go from the market to ${to}`,
      affects: "you alone",
      undo: "never: it is a payment",
    },
    question: "Withdraw it?",
    done: `${to} was paid ${amount}`,
    changed,
    send: async (context) => withdrawRevenue(market, { currency, to }, context),
  });
}
