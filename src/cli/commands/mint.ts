import { MINT_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `mint`: another name of publish, for one model. */
export const MINT: Verb = {
  name: "mint",
  summary: "another name of publish, for one model",
  aliasOf: "publish",
  positionals: ["modelPath"],
  chain: "send",
  options: MINT_OPTIONS,
  examples: [`./my-model ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/mint.ts")).runMint(options, await connect(), terminal),
};
