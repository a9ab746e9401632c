import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `use revoke`: take back what the owner of a model allowed an account. */
export const USE_REVOKE: Verb = {
  name: "use revoke",
  summary: "take back what the owner of a model allowed an account",
  positionals: ["tokenId", "account"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`0x2d6b… ${ACCOUNT} ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/use.ts")).runUseRevoke(options, await connect(), terminal),
};
