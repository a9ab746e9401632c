import { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `publisher check`: find out whether a did:web and accounts name each other, and what is missing where. */
export const PUBLISHER_CHECK: Verb = {
  name: "publisher check",
  summary: "find out whether a did:web and accounts name each other, and what is missing where",
  positionals: ["publisher"],
  chain: "read",
  options: [
    "publisherAccounts",
    "tokenId",
    "registriesFile",
    "hfCache",
    "storePath",
    ...NAMING_OPTIONS,
    ...READING_OPTIONS,
    "keepFetched",
  ],
  examples: [
    `did:web:example.org --accounts eip155:1:${ACCOUNT}`,
    `did:web:example.org --token 0x2d6b… ${AT}`,
    `did:web:example.org --publisher-statements publisher.json --json`,
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/publisher-check.ts")).runPublisherCheck(options, connect, terminal),
};
