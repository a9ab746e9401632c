import { MINT_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `publish`: hash, sign, pin and mint a model; run again after any interruption, it goes on from there. */
export const PUBLISH: Verb = {
  name: "publish",
  summary: "hash, sign, pin and mint a model; run again after any interruption, it goes on from there",
  positionals: ["modelPath"],
  chain: "send",
  options: [...MINT_OPTIONS, "batchPath", "concurrency", "queueUrl"],
  examples: [
    `./my-model ${AT}`,
    `--batch models.json ${AT}`,
    "./my-model --chain-id 11155111 --keystore key.json --store local --max-fee-gwei 30 --confirmations 3",
    "./my-model --with-model --chain-id 11155111 --keystore key.json --store pinata",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/publish.ts")).runPublish(options, await connect(), terminal),
};
