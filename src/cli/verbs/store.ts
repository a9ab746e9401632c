import type { Verb } from "./verb.ts";

/** The store on this machine. */
export const STORE_VERBS: readonly Verb[] = [
  {
    name: "store list",
    summary: "list what the local store was asked to keep",
    positionals: [],
    options: ["storePath", "format"],
    examples: ["", "--json"],
    run: async (options, terminal) => (await import("../commands/store.ts")).runStoreList(options, terminal),
  },
  {
    name: "store check",
    summary: "hash everything in the local store, files that it refers to included; 1 where something is damaged",
    positionals: [],
    options: ["storePath", "format"],
    examples: ["", "--store-path /srv/models/store --json"],
    run: async (options, terminal) => (await import("../commands/store-check.ts")).runStoreCheck(options, terminal),
  },
  {
    name: "store unpin",
    summary: "stop keeping a root; its blocks stay until store gc",
    positionals: ["root"],
    options: ["storePath", "format"],
    examples: ["bafybei…"],
    run: async (options, terminal) => (await import("../commands/store.ts")).runStoreUnpin(options, terminal),
  },
  {
    name: "store gc",
    summary: "remove what no pin reaches, and what killed processes left behind",
    positionals: [],
    options: ["dryRun", "storePath", "format"],
    examples: ["--dry-run", ""],
    run: async (options, terminal) => (await import("../commands/store.ts")).runStoreGc(options, terminal),
  },
  {
    name: "store export",
    summary: "write what is pinned to an archive (CAR)",
    positionals: ["root", "outputPath"],
    options: ["storePath", "format"],
    examples: ["bafybei… model.car"],
    run: async (options, terminal) => (await import("../commands/store.ts")).runStoreExport(options, terminal),
  },
  {
    name: "store import",
    summary: "read an archive (CAR) into the local store, every block verified, and pin its roots",
    positionals: ["carPath"],
    options: ["storePath", "format"],
    examples: ["model.car"],
    run: async (options, terminal) => (await import("../commands/store.ts")).runStoreImport(options, terminal),
  },
  {
    name: "store serve",
    summary: "serve the local store as a trustless IPFS gateway",
    positionals: [],
    options: ["serveHost", "servePort", "storePath", "format"],
    examples: ["", "--host 0.0.0.0 --port 8080"],
    run: async (options, terminal) => (await import("../commands/store-serve.ts")).runStoreServe(options, terminal),
  },
];
