import { ZeroAddress, formatEther, formatUnits } from "ethers";
import type { Currency } from "./currency.ts";
import type { Trade } from "./trade.ts";

/** Writes an amount of a currency; of ether where it is the zero address. @param named - what the token calls itself, where that was asked */
export function describePayment(amount: bigint, currency: string, named?: Currency): string {
  if (currency === ZeroAddress) return `${formatEther(amount)} ether`;
  return named === undefined
    ? `${amount} units of ${currency}`
    : `${formatUnits(amount, named.decimals)} ${named.symbol} (${currency})`;
}

/** What can be bought of a model now, and how much was sold, in a few words; empty where nothing. */
export function summarizeTrade({ offers }: Pick<Trade, "offers">): string {
  const open = offers.filter(({ isAlive }) => isAlive);
  const sold = offers.reduce((sum, offer) => sum + offer.sold, 0);
  const prices = open.map(({ offer }) => `${offer.kind} for ${describePayment(offer.price, offer.currency)}`);
  return [
    ...(prices.length === 0 ? [] : [`licence to ${prices.join(", ")}`]),
    ...(sold === 0 ? [] : [`${sold} ${sold === 1 ? "licence" : "licences"} sold`]),
  ].join(", ");
}
