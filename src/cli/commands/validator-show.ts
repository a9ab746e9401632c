import { AT, type Verb } from "../verb.ts";

/** `validator show`: print the contract that every transfer asks (ERC-721C); no key is needed. */
export const VALIDATOR_SHOW: Verb = {
  name: "validator show",
  summary: "print the contract that every transfer asks (ERC-721C); no key is needed",
  positionals: [],
  chain: "read",
  options: [],
  examples: [`${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/validator.ts")).runValidatorShow(options, await connect(), terminal),
};
