import { NAMING_OPTIONS, READING_OPTIONS } from "../option-sets.ts";
import { AT, type Verb } from "../verb.ts";

/** `show`: print one record in full: what the chain keeps, what happened since, and the metadata. */
export const SHOW: Verb = {
  name: "show",
  summary: "print one record in full: what the chain keeps, what happened since, and the metadata",
  positionals: ["tokenId"],
  usage: "TOKEN|PATH",
  chain: "read",
  options: [
    "registriesFile",
    "indexerUrl",
    "hfCache",
    "market",
    "storePath",
    ...NAMING_OPTIONS,
    ...READING_OPTIONS,
    "keepFetched",
  ],
  examples: [`0x2d6b… ${AT}`, "./my-model --registries registries.yaml --json"],
  run: async (options, { connect, terminal }) => (await import("../run/show.ts")).runShow(options, connect, terminal),
};
