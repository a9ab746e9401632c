import { IMPORT_OPTIONS } from "../options/import-names.ts";
import { SENDER_OPTIONS } from "../publish-options.ts";
import type { Verb } from "./verb.ts";

/** Models of the Hugging Face Hub. */
export const IMPORT_VERBS: readonly Verb[] = [
  {
    name: "import",
    summary: "read models of the Hugging Face Hub without their weights, and record them",
    positionals: [],
    options: [...IMPORT_OPTIONS, ...SENDER_OPTIONS],
    examples: [
      "--random 20 --seed 1 --dry-run",
      "--models google-bert/bert-base-uncased,openai-community/gpt2 --rpc-url http://127.0.0.1:8545",
      "--author my-lab --batch-size 5000 --rpc-url http://127.0.0.1:8545",
      "--watch --json",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpcSender } = await import("../json-rpc-signer.ts");
      const { runImport } = await import("../commands/import.ts");
      return runImport(options, async () => connectJsonRpcSender(options, process.env, terminal), terminal);
    },
  },
];
