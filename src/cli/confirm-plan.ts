import { formatEther, formatUnits } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import type { Registry } from "../registry/registry.ts";
import type { MintPlan } from "../publish/mint-context.ts";
import { quotePins } from "../publish/pin-metadata.ts";
import type { ContentStore } from "../content/content-store.ts";
import { type ChainConnection, isLocalChain, describeNetwork } from "./chain-connection.ts";
import { formatBytes } from "./format-bytes.ts";
import type { OptionValues } from "./options.ts";
import { type Terminal, confirm, table } from "./terminal.ts";

type PlanOptions = OptionValues<"yes" | "dryRun" | "maxCost">;

/** Tells whether somebody has to agree before anything is sent. */
export function needsAnswer(options: PlanOptions, { chainId }: ChainConnection): boolean {
  return !options.yes && !options.dryRun && !isLocalChain(chainId);
}

/**
 * Shows what is about to be sent and what it may cost, and asks whether to.
 *
 * @throws {ProvenanceError} `COST_TOO_HIGH`, `CONFIRMATION_MISSING`
 */
export async function confirmPlan(
  plan: MintPlan,
  { registry, store }: { readonly registry: Registry; readonly store: ContentStore },
  options: PlanOptions,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<void> {
  terminal.note(
    table([
      ["network", describeNetwork(connection)],
      ["registry", registry.address],
      ["signer", `${plan.from}, balance ${formatEther(plan.balance)} ether`],
      ...describeModels(plan),
      ...(plan.replaces ? [["in place of", describeReplaced(plan.replaces)]] : []),
      ["gas", `${plan.gas} at most ${formatUnits(plan.maxFeePerGas, "gwei")} gwei`],
      ["worst cost", `${formatEther(plan.worstCost)} ether`],
      ["public for ever", describePublic(plan)],
      ["pinned in", store.name],
      ...describeContent(plan),
      ...(await quoteAll(plan, store)).map((quote) => ["storage cost", quote]),
    ]),
  );
  if (options.maxCost !== undefined && plan.worstCost > options.maxCost) {
    const text = `The mint may cost ${formatEther(plan.worstCost)} ether, more than MAX_COST=${formatEther(options.maxCost)}.`;
    throw new ProvenanceError("COST_TOO_HIGH", text);
  }
  if (needsAnswer(options, connection)) await confirm(terminal, "Pin and mint?");
}

async function quoteAll({ models }: MintPlan, store: ContentStore): Promise<string[]> {
  const quotes: string[] = [];
  for (const { built } of models) quotes.push(...(await quotePins(built, store)));
  return quotes;
}

function describeModels({ models, tokens, to }: MintPlan): string[][] {
  if (tokens > 1) return [["tokens", `${tokens} for ${to}`]];
  return [["token", `${models[0]?.model.modelDigest} for ${to}`]];
}

/** Models that are pinned themselves: that is more than most people expect to become public. */
function describeContent({ models }: MintPlan): string[][] {
  const pinned = models.filter(({ built }) => built.attachments.some(({ content }) => content !== undefined));
  if (pinned.length === 0) return [];
  const bytes = pinned.reduce((sum, { built }) => sum + (built.metadata.provenance.model?.size ?? 0), 0);
  return [
    ["and with it", `${pinned.length === 1 ? "the model" : `${pinned.length} models`} in full, ${formatBytes(bytes)}`],
  ];
}

function describePublic({ models }: MintPlan): string {
  const bytes = models.reduce((sum, { built }) => sum + built.block.bytes.length, 0);
  const what = models.length === 1 ? models[0]?.built.uri : `the metadata of ${models.length} models`;
  return `${what} (${bytes} bytes of metadata, file names and digests included)`;
}

function describeReplaced({ hash, nonce }: NonNullable<MintPlan["replaces"]>): string {
  return hash === undefined ? `what was sent with nonce ${nonce}` : `${hash} (nonce ${nonce})`;
}
