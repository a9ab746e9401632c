import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `renderer set`: let a contract draw the tokens. */
export const RENDERER_SET: Verb = {
  name: "renderer set",
  summary: "let a contract draw the tokens",
  positionals: ["renderer"],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512 ${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/renderer.ts")).runRendererSet(options, await connect(), terminal),
};
