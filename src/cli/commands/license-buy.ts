import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `license buy`: buy a licence of a model. */
export const LICENSE_BUY: Verb = {
  name: "license buy",
  summary: "buy a licence of a model",
  positionals: ["offer"],
  chain: "send",
  options: ["licensee", "market", ...TRANSACTION_OPTIONS],
  examples: [
    `offer.json ${AT}`,
    "offer.json --licensee 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --max-cost 0.06 --yes",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license.ts")).runLicenseBuy(options, await connect(), terminal),
};
