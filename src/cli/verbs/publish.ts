import { BATCH_OPTIONS, MINT_OPTIONS, PIN_OPTIONS, SENDER_OPTIONS } from "../publish-options.ts";
import type { Verb } from "./verb.ts";

const MINTING = [...MINT_OPTIONS.filter((name) => name !== "modelPath"), ...SENDER_OPTIONS] as const;
const PINNING = [...PIN_OPTIONS.filter((name) => name !== "modelPath"), ...SENDER_OPTIONS] as const;
const CONTRACT = "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545";

/** Recording models. */
export const PUBLISH_VERBS: readonly Verb[] = [
  {
    name: "pin",
    summary: "hash a model, sign and pin its metadata, and with --with-model the model itself; mints nothing",
    positionals: ["modelPath"],
    options: PINNING,
    examples: [
      "./my-model --with-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545",
      "./my-model --with-model --chain-id 11155111 --keystore key.json --store pinata,kubo",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpcSender } = await import("../json-rpc-signer.ts");
      const { runPin } = await import("../commands/pin.ts");
      return runPin(options, await connectJsonRpcSender(options, process.env, terminal), terminal);
    },
  },
  {
    name: "publish",
    summary: "hash, sign, pin and mint a model; run again after any interruption, it goes on from there",
    positionals: ["modelPath"],
    options: [...MINTING, ...BATCH_OPTIONS],
    examples: [
      `./my-model ${CONTRACT}`,
      `--batch models.json ${CONTRACT}`,
      "./my-model --chain-id 11155111 --keystore key.json --store local --max-fee-gwei 30 --confirmations 3",
      "./my-model --with-model --chain-id 11155111 --keystore key.json --store pinata",
    ],
    run: async (options, terminal) => {
      const { connectJsonRpcSender } = await import("../json-rpc-signer.ts");
      const { runPublish } = await import("../commands/publish.ts");
      return runPublish(options, await connectJsonRpcSender(options, process.env, terminal), terminal);
    },
  },
  {
    name: "mint",
    summary: "publish one model; the name that the script has",
    positionals: ["modelPath"],
    options: MINTING,
    examples: [`./my-model ${CONTRACT}`],
    run: async (options, terminal) => {
      const { connectJsonRpcSender } = await import("../json-rpc-signer.ts");
      const { runMint } = await import("../commands/mint.ts");
      return runMint(options, await connectJsonRpcSender(options, process.env, terminal), terminal);
    },
  },
];
