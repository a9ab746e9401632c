import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `status set-batch`: deprecate a whole anchored batch, lift that, or revoke it for ever. */
export const STATUS_SET_BATCH: Verb = {
  name: "status set-batch",
  summary: "deprecate a whole anchored batch, lift that, or revoke it for ever",
  positionals: ["batchRoot", "newStatus"],
  chain: "send",
  options: ["batchCreator", "reason", ...TRANSACTION_OPTIONS],
  examples: [`0x88e9… deprecated --batch-creator ${ACCOUNT} ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/status.ts")).runStatusSetBatch(options, await connect(), terminal),
};
