import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `voucher cancel`: make a voucher worthless, by the account that signed it. */
export const VOUCHER_CANCEL: Verb = {
  name: "voucher cancel",
  summary: "make a voucher worthless, by the account that signed it",
  positionals: ["voucherPath"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`voucher.json ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/voucher.ts")).runVoucherCancel(options, await connect(), terminal),
};
