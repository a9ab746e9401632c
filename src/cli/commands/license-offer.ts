import { OFFER_OPTIONS, PINNING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `license offer`: sign an offer of licences, which buyers bring along. */
export const LICENSE_OFFER: Verb = {
  name: "license offer",
  summary: "sign an offer of licences, which buyers bring along",
  positionals: ["tokenId"],
  chain: "send",
  options: [...OFFER_OPTIONS, "outputPath", ...PINNING_OPTIONS, "calldataOut", "ownerSignatures"],
  examples: [`0x2d6b… --license-price 0.05 --duration 30d --terms terms.txt --out offer.json ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license-offer.ts")).runLicenseOffer(options, await connect(), terminal),
};
