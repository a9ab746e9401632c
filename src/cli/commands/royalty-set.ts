import { TRANSACTION_OPTIONS } from "../option-sets.ts";
import { ACCOUNT, AT, type Verb } from "../verb.ts";

/** `royalty set`: change the receiver of a token's royalty or lower its rate; with --default that of all without their own. */
export const ROYALTY_SET: Verb = {
  name: "royalty set",
  summary: "change the receiver of a token's royalty or lower its rate; with --default that of all without their own",
  positionals: ["tokenId"],
  chain: "send",
  options: ["royaltyReceiver", "royaltyBasisPoints", "defaultRoyalty", ...TRANSACTION_OPTIONS],
  examples: [
    `0x2d6b… --royalty-receiver ${ACCOUNT} ${AT}`,
    "./my-model --royalty-bps 250",
    `--default --royalty-bps 500 --royalty-receiver ${ACCOUNT}`,
    "--default --royalty-bps 0",
  ],
  run: async (options, { connect, terminal }) =>
    (await import("../run/royalty.ts")).runRoyaltySet(options, await connect(), terminal),
};
