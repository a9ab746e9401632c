import { READING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `web`: serve the page on this machine, with its registry, node and store filled in. */
export const WEB: Verb = {
  name: "web",
  summary: "serve the page on this machine, with the registry, its node, market and the local stores filled in",
  positionals: [],
  chain: "read",
  options: [
    "registriesFile",
    "indexerUrl",
    "servePort",
    "storePath",
    "kuboApiUrl",
    "market",
    ...READING_OPTIONS,
    "keepFetched",
  ],
  formats: ["human", "json"],
  examples: ["--network sepolia", `${AT} --port 0`],
  run: async (options, { connect, terminal }) => (await import("../run/web.ts")).runWeb(options, connect, terminal),
};
