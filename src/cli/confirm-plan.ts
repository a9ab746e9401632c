import type { MintPlan } from "../publish/mint-context.ts";
import { quotePins } from "../publish/pin-metadata.ts";
import type { PreparedModel } from "../publish/prepare-model.ts";
import { listPublic } from "../publish/public-fields.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { Registry } from "../registry/registry.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { formatBytes } from "./format-bytes.ts";
import type { OptionValues } from "./options.ts";
import { assertWithin, needsAnswer, planRows } from "./plan.ts";
import { type Terminal, confirm, printable, table } from "./terminal.ts";

const SHOWN_CHARACTERS = 160;

/**
 * Shows what is about to be pinned and sent, what it may cost and what becomes public, and asks whether to.
 *
 * @throws {ProvenanceError} `COST_TOO_HIGH`, `CONFIRMATION_MISSING`
 */
export async function confirmPlan(
  plan: MintPlan,
  { registry, store }: { readonly registry: Registry; readonly store: ContentStore },
  options: OptionValues<"yes" | "dryRun" | "maxCost">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<void> {
  terminal.note(
    table([
      ...planRows(plan, registry.address, connection),
      ...describeModels(plan),
      ...(plan.replaces ? [["in place of", describeReplaced(plan.replaces)]] : []),
      ...describePublic(plan.models),
      ["will be pinned in", store.name],
      ...describeContent(plan),
      ...(await quoteAll(plan, store)).map((quote) => ["storage cost", quote]),
    ]),
  );
  assertWithin(plan.worstCost, options, "The mint", connection.chainId);
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

/** Of one model every field; of many how much it is. */
function describePublic(models: readonly PreparedModel[]): string[][] {
  const bytes = models.reduce((sum, { built }) => sum + built.block.bytes.length, 0);
  const [only, second] = models;
  if (only === undefined || second !== undefined) {
    return [
      ["public for ever", `the metadata of ${models.length} models (${bytes} bytes, file names and digests included)`],
    ];
  }
  return [
    ["public for ever", `${only.built.uri} (${bytes} bytes of metadata), which says:`],
    ...listPublic(only.built.metadata).map(([name, value]) => [`  ${name}`, shorten(value)]),
  ];
}

function shorten(text: string): string {
  const line = printable(text);
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}… (${line.length} characters)`;
}

function describeReplaced({ hash, nonce }: NonNullable<MintPlan["replaces"]>): string {
  return hash === undefined ? `what was sent with nonce ${nonce}` : `${hash} (nonce ${nonce})`;
}
