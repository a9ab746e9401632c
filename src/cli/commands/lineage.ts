import { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `lineage`: draw all ancestors and descendants of a model; with --tensors compare it with its parent, tensor by tensor. */
export const LINEAGE: Verb = {
  name: "lineage",
  summary: "draw all ancestors and descendants of a model; with --tensors compare it with its parent, tensor by tensor",
  positionals: ["childPath", "parentPath"],
  usage: "PATH|TOKEN",
  chain: "read",
  options: [
    "tensors",
    "registriesFile",
    "indexerUrl",
    "indexFile",
    "market",
    "outputPath",
    "hfCache",
    ...NAMING_OPTIONS,
    "storePath",
    ...READING_OPTIONS,
    "keepFetched",
  ],
  formats: ["human", "json", "mermaid", "dot", "svg"],
  examples: [
    `./my-model ${AT}`,
    "0x2d6b… --registries registries.yaml --index lineage-index.json --format svg --out lineage.svg",
    "--tensors ./my-fine-tune ./base-model",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/lineage.ts")).runLineage(options, connect, terminal),
};
