import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `renderer clear`: let nothing draw the tokens. */
export const RENDERER_CLEAR: Verb = {
  name: "renderer clear",
  summary: "let nothing draw the tokens",
  positionals: [],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/renderer.ts")).runRendererClear(options, await connect(), terminal),
};
