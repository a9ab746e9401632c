import { LINEAGE_OPTIONS, SHOW_OPTIONS } from "../lineage-options.ts";
import type { Verb } from "./verb.ts";

/** Where models came from, and what became of them. */
export const LINEAGE_VERBS: readonly Verb[] = [
  {
    name: "lineage",
    summary:
      "draw all ancestors and descendants of a model; with --tensors compare it with its parent, tensor by tensor",
    positionals: ["childPath", "parentPath"],
    usage: "PATH|TOKEN",
    options: LINEAGE_OPTIONS.filter((name) => name !== "childPath" && name !== "parentPath"),
    formats: ["human", "json", "mermaid", "dot", "svg"],
    examples: [
      "./my-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "0x2d6b… --registries registries.yaml --index lineage-index.json --format svg --out lineage.svg",
      "--tensors ./my-fine-tune ./base-model",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      return (await import("../commands/lineage.ts")).runLineage(
        options,
        async () => connectJsonRpc(options),
        terminal,
      );
    },
  },
  {
    name: "show",
    summary: "print one record in full: what the chain keeps, what happened since, and the metadata",
    positionals: ["tokenId"],
    usage: "TOKEN|PATH",
    options: SHOW_OPTIONS.filter((name) => name !== "tokenId"),
    examples: [
      "0x2d6b… --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "./my-model --registries registries.yaml --json",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      return (await import("../commands/show.ts")).runShow(options, async () => connectJsonRpc(options), terminal);
    },
  },
];
