import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `revenue settle`: divide what a model brought between its parents and who earned it. */
export const REVENUE_SETTLE: Verb = {
  name: "revenue settle",
  summary: "divide what a model brought between its parents and who earned it",
  positionals: ["tokenId"],
  chain: "send",
  options: ["market", "currency", ...TRANSACTION_OPTIONS],
  examples: [`0x2d6b… ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/revenue.ts")).runRevenueSettle(options, await connect(), terminal),
};
