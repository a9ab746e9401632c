import type { Verb } from "../verb.ts";

/** `store export`: write what is pinned to an archive (CAR). */
export const STORE_EXPORT: Verb = {
  name: "store export",
  summary: "write what is pinned to an archive (CAR)",
  positionals: ["root", "outputPath"],
  options: ["storePath"],
  examples: ["bafybei… model.car", "bafybei… --out model.car"],
  run: async (options, { terminal }) => (await import("../run/store.ts")).runStoreExport(options, terminal),
};
