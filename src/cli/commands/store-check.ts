import type { Verb } from "../verb.ts";

/** `store check`: hash everything in the local store, files that it refers to included; 1 where something is damaged. */
export const STORE_CHECK: Verb = {
  name: "store check",
  summary: "hash everything in the local store, files that it refers to included; 1 where something is damaged",
  positionals: [],
  options: ["storePath"],
  examples: ["", "--store-path /srv/models/store --json"],
  run: async (options, { terminal }) => (await import("../run/store-check.ts")).runStoreCheck(options, terminal),
};
