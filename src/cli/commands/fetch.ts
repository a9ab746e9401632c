import { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import type { Verb } from "../verb.ts";

/** `fetch`: download a published model from gateways nobody has to trust, and verify it. */
export const FETCH: Verb = {
  name: "fetch",
  summary: "download a published model from gateways nobody has to trust, and verify it",
  positionals: ["tokenId", "fetchPath"],
  chain: "read",
  options: ["only", ...NAMING_OPTIONS, ...READING_OPTIONS, "storePath"],
  examples: [
    "0x2d6b… ./a-model --contract 0x5FbDB2315678afecb367f032d93F642f64180aa3 --rpc-url https://node.example",
    "0x2d6b… ./a-model --gateway https://ipfs.example --gateway http://127.0.0.1:8080",
    "0x2d6b… ./a-model --only config.json,tokenizer.json",
  ],
  run: async (options, { connect, terminal }) => (await import("../run/fetch.ts")).runFetch(options, connect, terminal),
};
