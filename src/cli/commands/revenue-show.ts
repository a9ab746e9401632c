import { AT, type Verb } from "../verb.ts";

/** `revenue show`: print what a model brought, and whose it is. */
export const REVENUE_SHOW: Verb = {
  name: "revenue show",
  summary: "print what a model brought, and whose it is",
  positionals: ["tokenId"],
  chain: "read",
  options: ["market", "currency"],
  examples: [`0x2d6b… ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/revenue-show.ts")).runRevenueShow(options, await connect(), terminal),
};
