import { NAMING_OPTIONS, READING_OPTIONS, TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `royalty split`: make a splitter that divides a royalty for ever, and the receiver of a token's royalty where one is named. */
export const ROYALTY_SPLIT: Verb = {
  name: "royalty split",
  summary: "make a splitter that divides a royalty for ever, and the receiver of a token's royalty where one is named",
  positionals: ["tokenId"],
  chain: "send",
  options: [
    "payees",
    "fromContributors",
    "splitterFactory",
    "splitterSalt",
    "storePath",
    ...NAMING_OPTIONS,
    ...READING_OPTIONS,
    ...TRANSACTION_OPTIONS,
  ],
  examples: [
    `0x2d6b… --payee ${ACCOUNT}=70 --payee 0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC=30 ${AT}`,
    `--payee ${ACCOUNT}=1,0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC=1 --dry-run`,
    `0x2d6b… --from-contributors ${AT}`,
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/royalty-split.ts")).runRoyaltySplit(options, await connect(), terminal),
};
