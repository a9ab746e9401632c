import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `roles grant`: give an account a role; of the role admin: name the next admin, who must accept. */
export const ROLES_GRANT: Verb = {
  name: "roles grant",
  summary: "give an account a role; of the role admin: name the next admin, who must accept",
  positionals: ["role", "account"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`minter ${ACCOUNT} ${AT}`, `admin ${ACCOUNT} --chain-id 11155111 --keystore key.json --dry-run`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/roles.ts")).runRolesGrant(options, await connect(), terminal),
};
