import { AT, type Verb } from "../verb.ts";

/** `royalty info`: print who gets which royalty of a token, and how a splitter divides it; no key is needed. */
export const ROYALTY_INFO: Verb = {
  name: "royalty info",
  summary: "print who gets which royalty of a token, and how a splitter divides it; no key is needed",
  positionals: ["tokenId"],
  chain: "read",
  options: ["salePrice", "currency"],
  examples: [`0x2d6b… --price 1.5 ${AT}`, "./my-model --json"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/royalty.ts")).runRoyaltyInfo(options, await connect(), terminal),
};
