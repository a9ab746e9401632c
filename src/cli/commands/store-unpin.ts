import type { Verb } from "../verb.ts";

/** `store unpin`: stop keeping a root; its blocks stay until store gc. */
export const STORE_UNPIN: Verb = {
  name: "store unpin",
  summary: "stop keeping a root; its blocks stay until store gc",
  positionals: ["root"],
  options: ["storePath"],
  examples: ["bafybei…"],
  run: async (options, { terminal }) => (await import("../run/store.ts")).runStoreUnpin(options, terminal),
};
