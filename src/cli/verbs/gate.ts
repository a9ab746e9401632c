import { GATE_SERVE_OPTIONS } from "../gate-options.ts";
import type { Verb } from "./verb.ts";

/** Serving models to who may use them. */
export const GATE_VERBS: readonly Verb[] = [
  {
    name: "gate serve",
    summary: "serve a model, or an inference endpoint, to the token's owner and to accounts with a usage grant",
    positionals: ["modelPath"],
    options: [...GATE_SERVE_OPTIONS.filter((name) => name !== "modelPath"), "chainId", "rpcUrl", "rpcTimeout"],
    examples: [
      "./my-model --rpc-url http://127.0.0.1:8545 --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3",
      "./my-model --public-url https://models.example --port 8080 --audit-log /var/log/gate.jsonl",
      "--token 0x2d6b… --upstream http://127.0.0.1:8000/v1 --public-url https://models.example",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runGateServe } = await import("../commands/gate-serve.ts");
      return runGateServe(options, async () => connectJsonRpc(options), terminal);
    },
  },
];
