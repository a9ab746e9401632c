import { READING_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `export pack`: write one file with which a model is verified without a network. */
export const EXPORT_PACK: Verb = {
  name: "export pack",
  summary: "write one file with which a model is verified without a network",
  positionals: ["tokenId", "outputPath"],
  chain: "read",
  options: ["storePath", ...READING_OPTIONS],
  examples: ["0x2d6b… my-model.pack.json --rpc-url http://127.0.0.1:8545", "./my-model --out my-model.pack.json"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/export-pack.ts")).runExportPack(options, await connect(), terminal),
};
