import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `renderer lock`: keep what draws the tokens for ever. */
export const RENDERER_LOCK: Verb = {
  name: "renderer lock",
  summary: "keep what draws the tokens for ever",
  positionals: [],
  chain: "send",
  options: TRANSACTION_OPTIONS,
  examples: [`${AT} --dry-run`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/renderer.ts")).runRendererLock(options, await connect(), terminal),
};
