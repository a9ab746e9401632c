import type { OptionName } from "./options.ts";
import { PINNING_OPTIONS } from "./options/pinning.ts";
import { PUBLISH_OPTIONS, SENDER_OPTIONS } from "./publish-options.ts";

/** Options of every verb that signs for a registry. */
const SIGNING_OPTIONS = ["registryAddress", "mintFrom", "dryRun", "yes", "format", ...SENDER_OPTIONS] as const;

/** Options of every verb that changes a registry. */
export const CHANGE_OPTIONS = [
  "maxFee",
  "maxCost",
  "confirmations",
  "waitSeconds",
  ...SIGNING_OPTIONS,
] as const satisfies readonly OptionName[];

/** Options of `voucher create`: a voucher is no transaction, so it costs nothing and waits for nothing. */
export const VOUCHER_CREATE_OPTIONS = [
  ...PUBLISH_OPTIONS,
  "mintTo",
  "deadline",
  "outputPath",
  ...PINNING_OPTIONS,
  ...SIGNING_OPTIONS,
] as const satisfies readonly OptionName[];
