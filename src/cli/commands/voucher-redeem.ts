import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `voucher redeem`: mint the model of a voucher and pay the gas; its signer is the creator. */
export const VOUCHER_REDEEM: Verb = {
  name: "voucher redeem",
  summary: "mint the model of a voucher and pay the gas; its signer is the creator",
  positionals: ["voucherPath"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`voucher.json ${AT}`, "voucher.json --chain-id 11155111 --keystore key.json --max-cost 0.01"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/voucher.ts")).runVoucherRedeem(options, await connect(), terminal),
};
