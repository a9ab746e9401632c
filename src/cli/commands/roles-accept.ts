import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `roles accept`: take the administration over, as the account that was named, after the delay. */
export const ROLES_ACCEPT: Verb = {
  name: "roles accept",
  summary: "take the administration over, as the account that was named, after the delay",
  positionals: [],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`${AT} --keystore new-admin.json`, "--dry-run"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/roles.ts")).runRolesAccept(options, await connect(), terminal),
};
