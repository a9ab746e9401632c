import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `validator clear`: let transfers ask nobody. */
export const VALIDATOR_CLEAR: Verb = {
  name: "validator clear",
  summary: "let transfers ask nobody",
  positionals: [],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/validator.ts")).runValidatorClear(options, await connect(), terminal),
};
