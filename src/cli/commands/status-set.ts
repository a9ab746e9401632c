import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `status set`: deprecate a model, lift that, or revoke it for ever. */
export const STATUS_SET: Verb = {
  name: "status set",
  summary: "deprecate a model, lift that, or revoke it for ever",
  positionals: ["tokenId", "newStatus"],
  chain: "send",
  options: ["reason", ...TRANSACTION_OPTIONS],
  examples: [
    `0x2d6b… deprecated --reason "use 1.4.1" ${AT}`,
    './my-model revoked --reason "trained on leaked data" --max-cost 0.01',
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/status.ts")).runStatusSet(options, await connect(), terminal),
};
