import type { Verb } from "../verb.ts";

/** `store list`: list what the local store was asked to keep. */
export const STORE_LIST: Verb = {
  name: "store list",
  summary: "list what the local store was asked to keep",
  positionals: [],
  options: ["storePath"],
  examples: ["", "--json"],
  run: async (options, { terminal }) => (await import("../run/store.ts")).runStoreList(options, terminal),
};
