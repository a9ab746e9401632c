import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `revenue upstream`: set the shares of a model's parents in what it brings, or agree to them. */
export const REVENUE_UPSTREAM: Verb = {
  name: "revenue upstream",
  summary: "set the shares of a model's parents in what it brings, or agree to them",
  positionals: ["tokenId"],
  chain: "send",
  options: ["shares", "market", ...TRANSACTION_OPTIONS],
  examples: [`0x2d6b… --share 0x70ab…=1000 ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/revenue-upstream.ts")).runRevenueUpstream(options, await connect(), terminal),
};
