import { OFFER_OPTIONS, PINNING_OPTIONS, TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `license list`: list an offer of licences on the chain. */
export const LICENSE_LIST: Verb = {
  name: "license list",
  summary: "list an offer of licences on the chain",
  positionals: ["tokenId"],
  chain: "send",
  options: [...OFFER_OPTIONS, ...PINNING_OPTIONS, ...TRANSACTION_OPTIONS],
  examples: [
    `0x2d6b… --license-price 0.05 --duration 30d --terms terms.txt ${AT}`,
    `./my-model --kind serve --license-price 25000000 --currency 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 --terms terms.txt --yes`,
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/license-offer.ts")).runLicenseList(options, await connect(), terminal),
};
