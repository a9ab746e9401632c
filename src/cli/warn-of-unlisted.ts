import type { Signer } from "ethers";
import { parseDidWeb } from "../metadata/did-web.ts";
import { checkDirections } from "../registry/publishers/check-directions.ts";
import { openPublishers } from "./open-publishers.ts";
import type { OptionValues } from "./options.ts";
import type { Terminal } from "./terminal.ts";

/** Says, before a model is recorded, where the web site of the publisher does not list the account yet: that is half of it. */
export async function warnOfUnlisted(
  options: OptionValues<"publisher" | "didOrigin" | "offline">,
  signer: Signer,
  chainId: bigint,
  { warn }: Pick<Terminal, "warn">,
): Promise<void> {
  const did = parseDidWeb(options.publisher ?? "");
  if (did === undefined || options.offline) return;
  const account = await signer.getAddress();
  const { fetchDid } = await openPublishers(options, {});
  const { accounts } = await checkDirections(did, [{ account, chainId }], fetchDid);
  const [checked] = accounts;
  if (checked === undefined || checked.listed.holds === "yes") return;
  const how = `model-provenance publisher check ${did.did} --accounts eip155:${chainId}:${account}`;
  const text =
    checked.listed.holds === "unknown"
      ? `Whether ${did.name} lists ${account} could not be checked (${checked.listed.why}).`
      : `${did.name} does not list ${account}: verdicts will say so until it does.`;
  warn(`${text} What to put where says: ${how}`);
}
