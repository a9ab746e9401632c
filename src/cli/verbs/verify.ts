import type { Verb } from "./verb.ts";

/** Checks of models. */
export const VERIFY_VERBS: readonly Verb[] = [
  {
    name: "verify",
    summary: "ask the chain who recorded exactly these files; the exit code is the verdict",
    positionals: ["modelPath"],
    options: [
      "tokenId",
      "registryAddress",
      "chainId",
      "rpcUrl",
      "ignorePaths",
      "only",
      "exportProof",
      "proofFile",
      "manifestRoot",
      "packFile",
      "blockHash",
      "fast",
      "cachePath",
      "trustCache",
      "hfCache",
      "lfsPointers",
      "storePath",
      "gateways",
      "pinataGateway",
      "offline",
      "keepFetched",
      "format",
    ],
    examples: [
      "./my-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "./my-model --token 0x2d6b… --json",
      "./my-model --token 0x2d6b… --only model-00003-of-00030.safetensors",
      "./my-model --token 0x2d6b… --fast",
      "./my-model --pack my-model.pack.json --block-hash 0x88e9… --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runVerify } = await import("../commands/verify.ts");
      return runVerify(options, async () => connectJsonRpc(options), terminal);
    },
  },
];
