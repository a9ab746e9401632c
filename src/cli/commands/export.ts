import { READING_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `export`: compare an exported chain of registrations, field by field, with the chain. */
export const EXPORT: Verb = {
  name: "export",
  summary: "write a record in the forms of other tools, each a verb; alone, compare an exported chain of registrations",
  positionals: [],
  chain: "read",
  options: ["exportCheck", "storePath", ...READING_OPTIONS],
  examples: ["--check blockchain_data.json --rpc-url http://127.0.0.1:8545"],
  run: async (options, { connect, terminal }) =>
    (await import("../run/export-check.ts")).runExportCheck(options, await connect(), terminal),
};
