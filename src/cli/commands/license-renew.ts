import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `license renew`: pay for one more duration of a licence. */
export const LICENSE_RENEW: Verb = {
  name: "license renew",
  summary: "pay for one more duration of a licence",
  positionals: ["licenseId"],
  chain: "send",
  options: ["market", ...TRANSACTION_OPTIONS],
  examples: [`4711 ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license.ts")).runLicenseRenew(options, await connect(), terminal),
};
