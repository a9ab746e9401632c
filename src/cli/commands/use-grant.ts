import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `use grant`: let an account use a model until a time, as its owner. */
export const USE_GRANT: Verb = {
  name: "use grant",
  summary: "let an account use a model until a time, as its owner",
  positionals: ["tokenId", "account"],
  chain: "send",
  options: ["until", ...TRANSACTION_OPTIONS],
  examples: [`0x2d6b… ${ACCOUNT} --until 30d ${AT}`, `./my-model ${ACCOUNT} --until 2027-01-31T12:00Z --yes`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/use.ts")).runUseGrant(options, await connect(), terminal),
};
