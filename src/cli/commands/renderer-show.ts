import { AT, type Verb } from "../verb.ts";

/** `renderer show`: print the contract that draws the tokens, and whether it can change; no key is needed. */
export const RENDERER_SHOW: Verb = {
  name: "renderer show",
  summary: "print the contract that draws the tokens, and whether it can change; no key is needed",
  positionals: [],
  chain: "read",
  options: [],
  examples: [`${AT}`],
  run: async (options, { connect, terminal }) =>
    (await import("../run/renderer.ts")).runRendererShow(options, await connect(), terminal),
};
