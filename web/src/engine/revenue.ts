import {
  type Credit,
  type Hex,
  type LicensedModel,
  type Market,
  type MinedTransaction,
  ProvenanceError,
  type TransactionContext,
  describePayment,
  readCurrency,
  readModelRecord,
  readRevenue,
  readWithdrawable,
  settleCredit,
  settleOffer,
  sweepTill,
  withdrawRevenue,
} from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";
import { type Asked, marketOf } from "./licenses.ts";
import { sendByWallet } from "./send.ts";
import { openOne } from "./sources.ts";

/** What can be done with an amount: divided between parents and seller, brought in from the till, or taken out. */
export type RevenueStep =
  | { readonly kind: "settleOffer"; readonly offerId: Hex }
  | { readonly kind: "settleCredit"; readonly credit: Credit }
  | { readonly kind: "sweep"; readonly currency: string }
  /** By the account that it is of alone. */
  | { readonly kind: "withdraw"; readonly currency: string; readonly account: string };

/** One row of what is owed: what it is, how much to whom, and what can be done with it, where it is something. */
export interface RevenueRow {
  readonly what: string;
  readonly text: string;
  readonly step?: RevenueStep;
}

const ETHER = `0x${"00".repeat(20)}`;
const TEXT = STRINGS.licenses.revenue;

/**
 * Reads what is owed of a model in a market, to whom and from which shares: in ether, and in the currencies of what waits.
 *
 * @param currencies - of its offers
 * @param reader - the account of the reader's wallet: what that can take out is named as well
 * @throws {ProvenanceError} as `marketOf`, `readRevenue`; `TOKEN_UNKNOWN` for one of a batch, which nobody owns yet
 */
export async function readOwed(
  account: string,
  tokenId: string,
  currencies: readonly string[],
  reader?: string,
): Promise<readonly RevenueRow[]> {
  const { registry } = await openOne(account);
  const market = await marketOf(registry);
  const record = await readModelRecord(registry, BigInt(tokenId));
  if (record === undefined) throw new ProvenanceError("TOKEN_UNKNOWN", TEXT.noOwner);
  const model = { registry: registry.address, tokenId: record.tokenId };
  const { owner } = record;
  const all = [...new Set([ETHER, ...currencies])];
  const others = reader === undefined || reader === owner ? [] : [reader];
  const found = await Promise.all(
    all.map(async (currency) => ({ currency, ...(await readRevenue(market, model, { owner, currency })) })),
  );
  const [{ terms, unsettledOffers, credits }] = found as [(typeof found)[0]];
  const pay = async (amount: bigint, currency: string) => {
    const named = currency === ETHER ? undefined : await readCurrency(market.provider, currency);
    return describePayment(amount, currency, named);
  };
  const owed = async (what: string, account: string, { currency, due }: { currency: string; due: bigint }) => {
    const text = TEXT.canWithdraw(account, await pay(due, currency));
    return { what, text, ...(due > 0n && { step: { kind: "withdraw", currency, account } as const }) };
  };
  const rows: Promise<RevenueRow>[] = [
    ...(terms === undefined
      ? []
      : [Promise.resolve({ what: TEXT.childrenOwe, text: TEXT.atLeast(terms.minimumBasisPoints / 100) })]),
    ...unsettledOffers.map(async ({ offerId, offer, unsettled }) => {
      const text = TEXT.ofOffer(await pay(unsettled, offer.currency), offerId, offer.seller);
      return { what: TEXT.toSettle, text, step: { kind: "settleOffer", offerId } } as const;
    }),
    ...credits.map(async (credit) => {
      const text = TEXT.fromChildren(await pay(credit.amount, credit.currency), credit.account);
      return { what: TEXT.toSettle, text, step: { kind: "settleCredit", credit } } as const;
    }),
    ...found.map(async ({ currency, till }) => {
      const text = TEXT.holds(till.address, await pay(till.amount, currency));
      return { what: TEXT.till, text, ...(till.amount > 0n && { step: { kind: "sweep", currency } as const }) };
    }),
    ...found.map(async ({ currency, due }) => owed(TEXT.owner, owner, { currency, due })),
    ...others.flatMap((other) =>
      all.map(async (currency) => {
        return owed(TEXT.you, other, { currency, due: await readWithdrawable(market, other, currency) });
      }),
    ),
  ];
  return Promise.all(rows);
}

/**
 * Does with an amount what can be done, by the reader's wallet.
 *
 * @throws {ProvenanceError} as {@link sendByWallet}; `SIGNER_MISMATCH` where the wallet's account cannot take it out
 */
export async function takeStep(step: RevenueStep, tokenId: string, asked: Asked): Promise<void> {
  await sendByWallet({ ...asked, label: TEXT.steps[step.kind].label }, async (registry, context, from) => {
    const model = { registry: registry.address, tokenId: BigInt(tokenId) };
    return send(step, await marketOf(registry), { model, from, context });
  });
}

async function send(
  step: RevenueStep,
  market: Market,
  by: { readonly model: LicensedModel; readonly from: string; readonly context: TransactionContext },
): Promise<MinedTransaction> {
  const { model, from, context } = by;
  switch (step.kind) {
    case "settleOffer":
      return settleOffer(market, step.offerId, context);
    case "settleCredit":
      return settleCredit(market, model, step.credit, context);
    case "sweep":
      return sweepTill(market, model, step.currency, context);
    case "withdraw":
      if (step.account !== from) throw new ProvenanceError("SIGNER_MISMATCH", TEXT.notYours(step.account));
      return withdrawRevenue(market, { currency: step.currency, to: from }, context);
  }
}
