import { ACCOUNT, type Verb } from "../verb.ts";

/** `publisher document`: print the did.json that lists accounts, for the web site of a did:web. */
export const PUBLISHER_DOCUMENT: Verb = {
  name: "publisher document",
  summary: "print the did.json that lists accounts, for the web site of a did:web",
  positionals: ["publisher"],
  options: ["publisherAccounts", "chainId", "network", "didDocument"],
  formats: [],
  examples: [
    `did:web:example.org --accounts eip155:1:${ACCOUNT} > did.json`,
    `did:web:example.org --accounts ${ACCOUNT} --network base --did-document did.json`,
  ],
  run: async (options, { terminal }) =>
    (await import("../run/publisher-document.ts")).runPublisherDocument(options, terminal),
};
