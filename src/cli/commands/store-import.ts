import type { Verb } from "../verb.ts";

/** `store import`: read an archive (CAR) into the local store, every block verified, and pin its roots. */
export const STORE_IMPORT: Verb = {
  name: "store import",
  summary: "read an archive (CAR) into the local store, every block verified, and pin its roots",
  positionals: ["carPath"],
  options: ["storePath"],
  examples: ["model.car"],
  run: async (options, { terminal }) => (await import("../run/store.ts")).runStoreImport(options, terminal),
};
