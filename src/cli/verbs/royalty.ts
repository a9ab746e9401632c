import { CHANGE_OPTIONS } from "../change-options.ts";
import { reading, sending } from "./change-verb.ts";
import type { Verb } from "./verb.ts";

const AT = "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545";
const ACCOUNT = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** Royalties (ERC-2981). */
export const ROYALTY_VERBS: readonly Verb[] = [
  {
    name: "royalty info",
    summary: "print who gets which royalty of a token, and how a splitter divides it; no key is needed",
    positionals: ["tokenId"],
    options: ["salePrice", "currency", "registryAddress", "chainId", "rpcUrl", "rpcTimeout", "format"],
    examples: [`0x2d6b… --price 1.5 ${AT}`, "./my-model --json"],
    run: reading(async () => (await import("../commands/royalty.ts")).runRoyaltyInfo),
  },
  {
    name: "royalty set",
    summary: "change the receiver of a token's royalty or lower its rate; with --default that of all without their own",
    positionals: ["tokenId"],
    options: ["royaltyReceiver", "royaltyBasisPoints", "defaultRoyalty", ...CHANGE_OPTIONS],
    examples: [
      `0x2d6b… --royalty-receiver ${ACCOUNT} ${AT}`,
      "./my-model --royalty-bps 250",
      `--default --royalty-bps 500 --royalty-receiver ${ACCOUNT}`,
      "--default --royalty-bps 0",
    ],
    run: sending(async () => (await import("../commands/royalty.ts")).runRoyaltySet),
  },
  {
    name: "royalty split",
    summary:
      "make a splitter that divides a royalty for ever, and the receiver of a token's royalty where one is named",
    positionals: ["tokenId"],
    options: ["payees", "splitterFactory", "splitterSalt", ...CHANGE_OPTIONS],
    examples: [
      `0x2d6b… --payee ${ACCOUNT}=70 --payee 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC=30 ${AT}`,
      `--payee ${ACCOUNT}=1 --payee 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC=1 --dry-run`,
    ],
    run: sending(async () => (await import("../commands/royalty-split.ts")).runRoyaltySplit),
  },
  {
    name: "royalty release",
    summary: "pay an account what the splitter of a token's royalty owes it; anybody may, and pays the gas",
    positionals: ["tokenId", "account"],
    options: ["currency", ...CHANGE_OPTIONS],
    examples: [
      `0x2d6b… ${ACCOUNT} ${AT}`,
      `./my-model ${ACCOUNT} --currency 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48`,
    ],
    run: sending(async () => (await import("../commands/royalty-release.ts")).runRoyaltyRelease),
  },
];
