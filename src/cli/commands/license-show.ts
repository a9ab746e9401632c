import { AT, type Verb } from "../verb.ts";

/** `license show`: print the offers of a model, and who holds licences until when. */
export const LICENSE_SHOW: Verb = {
  name: "license show",
  summary: "print the offers of a model, and who holds licences until when",
  positionals: ["tokenId"],
  chain: "read",
  options: ["market", "indexerUrl"],
  examples: [`0x2d6b… ${AT}`, "./my-model --json"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license-show.ts")).runLicenseShow(options, await connect(), terminal),
};
