import { VERIFY_OPTIONS } from "../verify-options.ts";
import type { Verb } from "./verb.ts";

/** Checks of models. */
export const VERIFY_VERBS: readonly Verb[] = [
  {
    name: "verify",
    summary: "ask the chain who recorded exactly these files; the exit code is the verdict",
    positionals: ["modelPath"],
    options: VERIFY_OPTIONS.filter((name) => name !== "modelPath"),
    formats: ["human", "json", "github", "sha256sum", "vsa", "quiet", "junit"],
    examples: [
      "./my-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "hf:my-lab/my-model@v1.2 --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "./my-model --registries registries.yaml --policy model-policy.yaml --format github",
      "./my-model --registries registries.yaml --creators 0xf39F… --write-lock model-provenance.lock.json",
      "./my-model --lock model-provenance.lock.json",
      "./my-model --token 0x2d6b… --json",
      "./my-model --token 0x2d6b… --only model-00003-of-00030.safetensors",
      "./my-model --token 0x2d6b… --fast",
      "./my-model --pack my-model.pack.json --block-hash 0x88e9… --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3",
      "./model.safetensors --foreign 0x5FbDB2315678afecb367f032d93F642f64180aa3 --token 42 --rpc-url http://127.0.0.1:8545",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runVerify } = await import("../commands/verify.ts");
      return runVerify(options, async () => connectJsonRpc(options), terminal);
    },
  },
];
