import type { Verb } from "./verb.ts";

/** What others can check without asking anybody. */
export const EXPORT_VERBS: readonly Verb[] = [
  {
    name: "export pack",
    summary: "write one file with which a model is verified without a network",
    positionals: ["tokenId", "outputPath"],
    options: ["registryAddress", "chainId", "rpcUrl", "storePath", "gateways", "pinataGateway", "offline", "format"],
    examples: ["0x2d6b… my-model.pack.json --rpc-url http://127.0.0.1:8545", "./my-model my-model.pack.json"],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runExportPack } = await import("../commands/export-pack.ts");
      return runExportPack(options, await connectJsonRpc(options), terminal);
    },
  },
  {
    name: "export",
    summary: "compare an exported chain of registrations, field by field, with the chain",
    positionals: [],
    options: [
      "exportCheck",
      "registryAddress",
      "chainId",
      "rpcUrl",
      "storePath",
      "gateways",
      "pinataGateway",
      "offline",
      "format",
    ],
    examples: ["--check blockchain_data.json --rpc-url http://127.0.0.1:8545"],
    run: async (options, terminal) => {
      const { connectJsonRpc } = await import("../json-rpc-connection.ts");
      const { runExportCheck } = await import("../commands/export-check.ts");
      return runExportCheck(options, await connectJsonRpc(options), terminal);
    },
  },
];
