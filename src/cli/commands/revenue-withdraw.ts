import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `revenue withdraw`: take out what you earned in a currency. */
export const REVENUE_WITHDRAW: Verb = {
  name: "revenue withdraw",
  summary: "take out what you earned in a currency",
  positionals: [],
  chain: "send",
  options: ["market", "currency", "mintTo", ...TRANSACTION_OPTIONS],
  examples: [`${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/revenue.ts")).runRevenueWithdraw(options, await connect(), terminal),
};
