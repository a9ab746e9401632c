import type { Verb } from "./verb.ts";

/** Where models came from. */
export const LINEAGE_VERBS: readonly Verb[] = [
  {
    name: "lineage",
    summary: "compare a model with the one it came from, tensor by tensor",
    positionals: ["childPath", "parentPath"],
    options: ["tensors", "format"],
    examples: ["--tensors ./my-fine-tune ./base-model", "--tensors ./adapter ./base-model --json"],
    run: async (options, terminal) => (await import("../commands/lineage-tensors.ts")).runLineage(options, terminal),
  },
];
