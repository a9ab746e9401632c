import { PINNING_OPTIONS, RECORD_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `pin`: hash a model, sign and pin its metadata, and with --with-model the model itself; mints nothing. */
export const PIN: Verb = {
  name: "pin",
  summary: "hash a model, sign and pin its metadata, and with --with-model the model itself; mints nothing",
  positionals: ["modelPath"],
  chain: "send",
  options: [...RECORD_OPTIONS, ...PINNING_OPTIONS],
  examples: [
    `./my-model --with-model ${AT}`,
    "./my-model --with-model --chain-id 11155111 --keystore key.json --store pinata,kubo",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/pin.ts")).runPin(options, await connect(), terminal),
};
