import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `revenue terms`: say what children that offer licences owe a model. */
export const REVENUE_TERMS: Verb = {
  name: "revenue terms",
  summary: "say what children that offer licences owe a model",
  positionals: ["tokenId"],
  chain: "send",
  options: ["minimumBasisPoints", "termsPath", "market", ...TRANSACTION_OPTIONS],
  examples: [`0x2d6b… --minimum 1000 --terms terms.txt ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/revenue-upstream.ts")).runRevenueTerms(options, await connect(), terminal),
};
