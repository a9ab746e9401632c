import { PINNING_OPTIONS, RECORD_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `voucher create`: pin a model's metadata and sign a voucher, with which somebody else mints and pays. */
export const VOUCHER_CREATE: Verb = {
  name: "voucher create",
  summary: "pin a model's metadata and sign a voucher, with which somebody else mints and pays",
  positionals: ["modelPath"],
  chain: "send",
  options: ["mintTo", "deadline", "outputPath", ...RECORD_OPTIONS, ...PINNING_OPTIONS],
  examples: [
    `./my-model --to ${ACCOUNT} --deadline 30d --out voucher.json ${AT}`,
    `./my-model --to ${ACCOUNT} --deadline 2027-01-31 --out voucher.json --keystore key.json --store pinata --yes`,
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/voucher-create.ts")).runVoucherCreate(options, await connect(), terminal),
};
