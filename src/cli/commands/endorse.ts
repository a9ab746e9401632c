import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `endorse`: confirm, as the owner of a model, that another comes from it; or take that back. */
export const ENDORSE: Verb = {
  name: "endorse",
  summary: "confirm, as the owner of a model, that another comes from it; or take that back",
  positionals: ["tokenId", "childToken"],
  chain: "send",
  options: ["childRegistry", "withdraw", ...TRANSACTION_OPTIONS],
  examples: [
    `./my-model 0x77aa… ${AT}`,
    "0x2d6b… 0x77aa… --child-registry eip155:8453:0x5FbDB2315678afecb367f032d93F642f64180aa3",
    "0x2d6b… 0x77aa… --withdraw",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/endorse.ts")).runEndorse(options, await connect(), terminal),
};
