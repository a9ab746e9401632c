import {
  ProvenanceError,
  describePayment,
  readCurrency,
  readModelRecord,
  readRevenue,
} from "model-provenance-nft/core";
import { STRINGS } from "../strings.ts";
import { marketOf } from "./licenses.ts";
import { openOne } from "./sources.ts";

/** One row of what is owed: what it is, and how much to whom. */
export interface RevenueRow {
  readonly what: string;
  readonly text: string;
}

const ETHER = `0x${"00".repeat(20)}`;
const TEXT = STRINGS.licenses.revenue;

/**
 * Reads what is owed of a model in a market, to whom and from which shares: in ether, and in the currencies of what waits.
 *
 * @param currencies - of its offers
 * @throws {ProvenanceError} as `marketOf`, `readRevenue`; `TOKEN_UNKNOWN` for one of a batch, which nobody owns yet
 */
export async function readOwed(
  account: string,
  tokenId: string,
  currencies: readonly string[],
): Promise<readonly RevenueRow[]> {
  const { registry } = await openOne(account);
  const market = await marketOf(registry);
  const record = await readModelRecord(registry, BigInt(tokenId));
  if (record === undefined) throw new ProvenanceError("TOKEN_UNKNOWN", TEXT.noOwner);
  const model = { registry: registry.address, tokenId: record.tokenId };
  const { owner } = record;
  const all = [...new Set([ETHER, ...currencies])];
  const found = await Promise.all(
    all.map(async (currency) => ({ currency, ...(await readRevenue(market, model, { owner, currency })) })),
  );
  const [{ terms, unsettledOffers, credits }] = found as [(typeof found)[0]];
  const pay = async (amount: bigint, currency: string) => {
    const named = currency === ETHER ? undefined : await readCurrency(market.provider, currency);
    return describePayment(amount, currency, named);
  };
  const rows = [
    ...(terms === undefined
      ? []
      : [Promise.resolve({ what: TEXT.childrenOwe, text: TEXT.atLeast(terms.minimumBasisPoints / 100) })]),
    ...unsettledOffers.map(async ({ offerId, offer, unsettled }) => {
      return { what: TEXT.toSettle, text: TEXT.ofOffer(await pay(unsettled, offer.currency), offerId, offer.seller) };
    }),
    ...credits.map(async ({ amount, currency, account: to }) => {
      return { what: TEXT.toSettle, text: TEXT.fromChildren(await pay(amount, currency), to) };
    }),
    ...found.map(async ({ currency, till }) => {
      return { what: TEXT.till, text: TEXT.holds(till.address, await pay(till.amount, currency)) };
    }),
    ...found.map(async ({ currency, due }) => {
      return { what: TEXT.owner, text: TEXT.canWithdraw(owner, await pay(due, currency)) };
    }),
  ];
  return Promise.all(rows);
}
