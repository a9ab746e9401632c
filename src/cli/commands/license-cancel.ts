import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `license cancel`: make an offer worthless, or end a licence that you hold. */
export const LICENSE_CANCEL: Verb = {
  name: "license cancel",
  summary: "make an offer worthless, or end a licence that you hold",
  positionals: ["offer"],
  chain: "send",
  options: ["licenseId", "market", ...TRANSACTION_OPTIONS],
  examples: [`offer.json ${AT}`, "--license-id 4711 --yes"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license.ts")).runLicenseCancel(options, await connect(), terminal),
};
