import { HUB_OPTIONS, PINNING_OPTIONS, WAITING_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `import`: read models of the Hugging Face Hub without their weights, and record them. */
export const IMPORT: Verb = {
  name: "import",
  summary: "read models of the Hugging Face Hub without their weights, and record them",
  positionals: [],
  chain: "send",
  options: [
    "hubModels",
    "indexerUrl",
    "hubList",
    "hubRandom",
    "hubSeed",
    "hubAuthor",
    "hubSearch",
    "task",
    "hubLimit",
    ...HUB_OPTIONS,
    "includePrivate",
    "hubDownload",
    "downloadPath",
    "batchSize",
    "hubConcurrency",
    "hubWatch",
    "queueUrl",
    "hubRate",
    "importStatus",
    "importState",
    "modelsCsv",
    "chainFile",
    "statePath",
    ...WAITING_OPTIONS,
    ...PINNING_OPTIONS,
    "gateways",
    "offline",
  ],
  examples: [
    "--random 20 --seed 1 --dry-run",
    "--models google-bert/bert-base-uncased,openai-community/gpt2 --rpc-url http://127.0.0.1:8545",
    "--author my-lab --batch-size 5000 --rpc-url http://127.0.0.1:8545",
    "--watch --json",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/import.ts")).runImport(options, connect, terminal),
};
