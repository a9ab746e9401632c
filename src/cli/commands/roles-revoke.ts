import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `roles revoke`: take a role from an account, or give up one's own; of the role admin: forget who was named. */
export const ROLES_REVOKE: Verb = {
  name: "roles revoke",
  summary: "take a role from an account, or give up one's own; of the role admin: forget who was named",
  positionals: ["role", "account"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`minter ${ACCOUNT} ${AT}`, `curator ${ACCOUNT} --yes --json`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/roles.ts")).runRolesRevoke(options, await connect(), terminal),
};
