import type { Verb } from "../verb.ts";

/** `store gc`: remove what no pin reaches, and what killed processes left behind. */
export const STORE_GC: Verb = {
  name: "store gc",
  summary: "remove what no pin reaches, and what killed processes left behind",
  positionals: [],
  options: ["dryRun", "storePath"],
  examples: ["--dry-run", ""],
  run: async (options, { terminal }) => (await import("../run/store.ts")).runStoreGc(options, terminal),
};
