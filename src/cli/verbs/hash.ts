import type { Verb } from "./verb.ts";

/** Digests of models. */
export const HASH_VERBS: readonly Verb[] = [
  {
    name: "hash",
    summary: "compute the digests of a model, on disk or on the Hugging Face Hub; nothing is sent anywhere",
    positionals: ["modelPath"],
    options: ["ignorePaths", "withCid", "cachePath", "hfCache", "lfsPointers", "hubEndpoint", "hubToken", "format"],
    examples: [
      "./my-model",
      "./my-model --cid --json",
      "./my-model --cache ~/.cache/model-hashes.json",
      "weights.gguf",
      "hf:google-bert/bert-base-uncased",
    ],
    run: async (options, terminal) => (await import("../commands/hash.ts")).runHash(options, terminal),
  },
];
