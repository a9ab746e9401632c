import { quotePins } from "../publish/pin-metadata.ts";
import type { PreparedModel } from "../publish/prepare-model.ts";
import type { RecordPlan } from "../publish/record-plan.ts";
import { listPublic } from "../publish/public-fields.ts";
import type { ContentStore } from "../content/content-store.ts";
import type { Registry } from "../registry/registry.ts";
import type { ChainConnection } from "./chain-connection.ts";
import { formatBytes } from "./format-bytes.ts";
import type { OptionValues } from "./options.ts";
import { assertWithin, needsAnswer, planRows } from "./plan.ts";
import { type Terminal, confirm, printable, table } from "./terminal.ts";

const SHOWN_CHARACTERS = 160;

/** What recording takes, as it is shown: of an import that is only tried, less is known. */
export interface ShownPlan extends Omit<RecordPlan, "fees" | "models"> {
  readonly models?: RecordPlan["models"];
  /** What is recorded, in words, where it is not known which models that will be. */
  readonly records?: string;
}

/** Where is recorded and pinned. */
interface Target {
  readonly registry: Registry;
  readonly store: ContentStore;
}

/** Shows what is about to be pinned and sent, what it may cost and what becomes public: the same rows for every verb that records. */
export async function showPlan(
  plan: ShownPlan,
  { registry, store }: Target,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<void> {
  const { models = [], replaces } = plan;
  terminal.note(
    table([
      ...planRows(plan, registry.address, connection),
      describeRecords(plan),
      ...(replaces ? [["in place of", describeReplaced(replaces)]] : []),
      ...describePublic(plan),
      ["will be pinned in", store.name],
      ...describeContent(models),
      ...(await quoteAll(models, store)).map((quote) => ["storage cost", quote]),
    ]),
  );
}

/**
 * Shows it, and asks whether to.
 *
 * @throws {ProvenanceError} `COST_TOO_HIGH`, `CONFIRMATION_MISSING`
 */
export async function confirmPlan(
  plan: RecordPlan,
  target: Target,
  options: OptionValues<"yes" | "dryRun" | "maxCost">,
  connection: ChainConnection,
  terminal: Terminal,
): Promise<void> {
  await showPlan(plan, target, connection, terminal);
  assertWithin(plan.worstCost, options, "The mint", connection.chainId);
  if (needsAnswer(options, connection)) await confirm(terminal, "Pin and mint?");
}

async function quoteAll(models: readonly PreparedModel[], store: ContentStore): Promise<string[]> {
  const quotes: string[] = [];
  for (const { built } of models) quotes.push(...(await quotePins(built, store)));
  return quotes;
}

function describeRecords({ records, models = [], count, to, root }: ShownPlan): string[] {
  if (records !== undefined) return ["records", records];
  if (root !== undefined) return ["batch", `${count} models under the root ${root}`];
  return count > 1 ? ["tokens", `${count} for ${to}`] : ["token", `${models[0]?.model.modelDigest} for ${to}`];
}

/** Models that are pinned themselves: that is more than most people expect to become public. */
function describeContent(models: readonly PreparedModel[]): string[][] {
  const pinned = models.filter(({ built }) => built.attachments.some(({ content }) => content !== undefined));
  if (pinned.length === 0) return [];
  const bytes = pinned.reduce((sum, { built }) => sum + (built.metadata.provenance.model?.size ?? 0), 0);
  return [
    ["and with it", `${pinned.length === 1 ? "the model" : `${pinned.length} models`} in full, ${formatBytes(bytes)}`],
  ];
}

/** Of one model every field; of many how much it is. */
function describePublic({ models = [], count, metadataBytes }: ShownPlan): string[][] {
  const [only, second] = models;
  if (only === undefined || second !== undefined) {
    const bytes = metadataBytes ?? models.reduce((sum, { built }) => sum + built.block.bytes.length, 0);
    const size = bytes === 0 ? "" : `${bytes} bytes, `;
    const of = count === 1 ? "one model" : `${count} models`;
    return [["public for ever", `the metadata of ${of} (${size}names, sizes and digests of the files included)`]];
  }
  return [
    ["public for ever", `${only.built.uri} (${only.built.block.bytes.length} bytes of metadata), which says:`],
    ...listPublic(only.built.metadata).map(([name, value]) => [`  ${name}`, shorten(value)]),
  ];
}

function shorten(text: string): string {
  const line = printable(text);
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}… (${line.length} characters)`;
}

function describeReplaced({ hash, nonce }: NonNullable<RecordPlan["replaces"]>): string {
  return hash === undefined ? `what was sent with nonce ${nonce}` : `${hash} (nonce ${nonce})`;
}
