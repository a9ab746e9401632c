import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `validator set`: let every transfer of a token ask a contract (ERC-721C). */
export const VALIDATOR_SET: Verb = {
  name: "validator set",
  summary: "let every transfer of a token ask a contract (ERC-721C)",
  positionals: ["validator"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`0x721C002B0059009a671D00aD1700c9748146cd1B ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/validator.ts")).runValidatorSet(options, await connect(), terminal),
};
