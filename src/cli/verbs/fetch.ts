import type { Verb } from "./verb.ts";

/** Getting published models. */
export const FETCH_VERBS: readonly Verb[] = [
  {
    name: "fetch",
    summary: "download a published model from gateways nobody has to trust, and verify it",
    positionals: ["tokenId", "fetchPath"],
    options: [
      "only",
      "registryAddress",
      "chainId",
      "rpcUrl",
      "gateways",
      "pinataGateway",
      "offline",
      "storePath",
      "format",
    ],
    examples: [
      "0x2d6b… ./a-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url https://node.example",
      "0x2d6b… ./a-model --gateway https://ipfs.example --gateway http://127.0.0.1:8080",
      "0x2d6b… ./a-model --only config.json --only tokenizer.json",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runFetch } = await import("../commands/fetch.ts");
      return runFetch(options, async () => connectJsonRpc(options), terminal);
    },
  },
];
