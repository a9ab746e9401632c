import { AT, type Verb } from "../verb.ts";

/** `roles list`: list who has which role; no key is needed. */
export const ROLES_LIST: Verb = {
  name: "roles list",
  summary: "list who has which role; no key is needed",
  positionals: [],
  chain: "read",
  options: ["role", "fromBlock"],
  examples: [`${AT}`, "--role minter --from-block 9000000 --json"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/roles.ts")).runRolesList(options, await connect(), terminal),
};
