import { HUB_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `hash`: compute the digests of a model, on disk or on the Hugging Face Hub; nothing is sent anywhere. */
export const HASH: Verb = {
  name: "hash",
  summary: "compute the digests of a model, on disk or on the Hugging Face Hub; nothing is sent anywhere",
  positionals: ["modelPath"],
  options: ["batchPath", "queueUrl", "ignorePaths", "withCid", "cachePath", "hfCache", "lfsPointers", ...HUB_OPTIONS],
  examples: [
    "./my-model",
    "./my-model --cid --json",
    "./my-model --cache ~/.cache/model-hashes.json",
    "--batch models.json --queue postgres://import@db.example/work",
    "weights.gguf",
    "hf:google-bert/bert-base-uncased",
  ],
  run: async (options, { terminal }) => (await import("../run/hash.ts")).runHash(options, terminal),
};
