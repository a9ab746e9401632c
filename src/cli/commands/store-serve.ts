import type { Verb } from "../verb.ts";

/** `store serve`: serve the local store as a trustless IPFS gateway. */
export const STORE_SERVE: Verb = {
  name: "store serve",
  summary: "serve the local store as a trustless IPFS gateway",
  positionals: [],
  options: ["serveHost", "servePort", "storePath"],
  examples: ["", "--host 0.0.0.0 --port 8080"],
  run: async (options, { terminal }) => (await import("../run/store-serve.ts")).runStoreServe(options, terminal),
};
