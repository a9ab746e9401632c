import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `royalty release`: pay an account what the splitter of a token's royalty owes it; anybody may, and pays the gas. */
export const ROYALTY_RELEASE: Verb = {
  name: "royalty release",
  summary: "pay an account what the splitter of a token's royalty owes it; anybody may, and pays the gas",
  positionals: ["tokenId", "account"],
  chain: "send",
  options: ["currency", ...TRANSACTION_OPTIONS],
  examples: [`0x2d6b… ${ACCOUNT} ${AT}`, `./my-model ${ACCOUNT} --currency 0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/royalty-release.ts")).runRoyaltyRelease(options, await connect(), terminal),
};
