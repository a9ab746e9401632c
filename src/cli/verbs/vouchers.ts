import { CHANGE_OPTIONS, VOUCHER_CREATE_OPTIONS } from "../change-options.ts";
import { sending } from "./change-verb.ts";
import type { Verb } from "./verb.ts";

const AT = "--contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url http://127.0.0.1:8545";

/** Mints that a minter signs and somebody else pays for. */
export const VOUCHER_VERBS: readonly Verb[] = [
  {
    name: "voucher create",
    summary: "pin a model's metadata and sign a voucher, with which somebody else mints and pays",
    positionals: ["modelPath"],
    options: VOUCHER_CREATE_OPTIONS.filter((name) => name !== "modelPath"),
    examples: [
      `./my-model --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --deadline 30d --out voucher.json ${AT}`,
      "./my-model --to 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --deadline 2027-01-31 --out voucher.json --keystore key.json --store pinata --yes",
    ],
    run: sending(async () => (await import("../commands/voucher-create.ts")).runVoucherCreate),
  },
  {
    name: "voucher redeem",
    summary: "mint the model of a voucher and pay the gas; its signer is the creator",
    positionals: ["voucherPath"],
    options: CHANGE_OPTIONS,
    examples: [`voucher.json ${AT}`, "voucher.json --chain-id 11155111 --keystore key.json --max-cost 0.01"],
    run: sending(async () => (await import("../commands/voucher.ts")).runVoucherRedeem),
  },
  {
    name: "voucher cancel",
    summary: "make a voucher worthless, by the account that signed it",
    positionals: ["voucherPath"],
    options: CHANGE_OPTIONS,
    examples: [`voucher.json ${AT}`],
    run: sending(async () => (await import("../commands/voucher.ts")).runVoucherCancel),
  },
];
