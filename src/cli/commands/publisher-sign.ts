import { PINNING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `publisher sign`: sign that the account is a did:web's, for models that are recorded already. */
export const PUBLISHER_SIGN: Verb = {
  name: "publisher sign",
  summary: "sign that the account is a did:web's, for models that are recorded already; sends nothing",
  positionals: ["publisher"],
  chain: "send",
  options: ["outputPath", ...PINNING_OPTIONS],
  formats: [],
  examples: [
    `did:web:example.org --out publisher.json ${AT}`,
    "did:web:example.org --keystore key.json --store pinata --network sepolia",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/publisher-sign.ts")).runPublisherSign(options, await connect(), terminal),
};
