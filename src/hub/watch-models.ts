import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";
import { normalizeLicense } from "../metadata/license.ts";
import { readCard } from "../metadata/model-card-facts.ts";
import { readHubContents } from "./hub-contents.ts";
import { licenseOfTags } from "./hub-facts.ts";
import { type HubInfo, readHubInfo } from "./hub-info.ts";
import { readHubTree } from "./hub-tree.ts";
import type { Hub } from "./hub.ts";
import type { RecordedLine } from "./import-state.ts";
import { OwnerListings } from "./owner-listings.ts";
import { mapInOrder } from "../base/concurrency.ts";

/** Something that is not as it was when the model was recorded. */
export interface HubChange {
  readonly what: "files" | "weights" | "license" | "owner" | "name" | "access" | "vanished";
  readonly recorded?: string;
  readonly now?: string;
}

/** What became of a repository since its model was recorded. */
export interface WatchedModel {
  readonly repository: string;
  /** The branch, tag or commit that was asked for, and is read again; absent for the default branch. */
  readonly reference?: string;
  readonly registry: string;
  /** The commit that was recorded. */
  readonly revision: string;
  readonly status: "unchanged" | "changed" | "vanished" | "unchecked";
  readonly changes: readonly HubChange[];
  /** Why it could not be read, or why it is not there any more. */
  readonly message?: string;
}

/** Options of {@link watchModels}. */
export interface WatchOptions {
  readonly concurrency?: number;
}

const DEFAULT_CONCURRENCY = 8;
/** What the Hub answers for what can no longer be had by everybody. */
const VANISHED = new Set<ProvenanceErrorCode>([
  "HUB_REPO_NOT_FOUND",
  "HUB_REPO_PRIVATE",
  "HUB_REPO_DISABLED",
  "HUB_REVISION_NOT_FOUND",
]);
const NO_LICENSE = "none";

/**
 * Reads repositories again and says what changed since their models were recorded: files, weights, licence, name or owner,
 * or that a repository is gone. Nothing is fetched where the commit is the same, and of owners with several models in what
 * was recorded not even each model is asked for.
 *
 * @returns one answer a line, in their order
 */
export async function* watchModels(
  hub: Hub,
  recorded: readonly RecordedLine[],
  { concurrency = DEFAULT_CONCURRENCY }: WatchOptions = {},
): AsyncGenerator<WatchedModel, void> {
  const listings = new OwnerListings(hub, recorded);
  yield* mapInOrder(recorded, concurrency, async (line) => watchModel(hub, line, listings));
}

async function watchModel(hub: Hub, line: RecordedLine, listings: OwnerListings): Promise<WatchedModel> {
  const { repository, reference, registry, revision } = line;
  const model = { repository, ...(reference !== undefined && { reference }), registry, revision };
  try {
    const changes = (await listings.holds(line)) ? [] : await findChanges(hub, line);
    return { ...model, status: changes.length === 0 ? "unchanged" : "changed", changes };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    const { code, message } = error;
    if (VANISHED.has(code)) return { ...model, status: "vanished", changes: [{ what: "vanished" }], message };
    if (code === "HUB_REPO_GATED")
      return { ...model, status: "changed", changes: [{ what: "access", now: "gated" }], message };
    if (code === "HUB_REPO_EMPTY")
      return { ...model, status: "changed", changes: [{ what: "files", now: "none" }], message };
    return { ...model, status: "unchecked", changes: [], message };
  }
}

async function findChanges(hub: Hub, line: RecordedLine): Promise<HubChange[]> {
  const { repository: asked, reference } = line;
  const info = await readHubInfo(hub, { id: asked, ...(reference !== undefined && { revision: reference }) });
  const changes = renamed(line, info);
  if (info.isPrivate) changes.push({ what: "access", now: "private" });
  if (info.revision === line.revision) return changes;
  const { id, revision } = info;
  const { model, kept } = await readHubContents({ hub, id, revision }, await readHubTree(hub, id, revision));
  const compare = (what: HubChange["what"], recorded: string, now: string) => {
    if (recorded !== now) changes.push({ what, recorded, now });
  };
  compare("files", line.modelDigest, model.modelDigest);
  compare("weights", line.weightsDigest, model.weightsDigest);
  compare("license", line.license ?? NO_LICENSE, licenseOf(info, kept.get("README.md")) ?? NO_LICENSE);
  return changes;
}

function renamed({ repository }: RecordedLine, { id }: HubInfo): HubChange[] {
  if (id === repository) return [];
  const [recorded, now] = [repository, id].map((name) => name.split("/")[0]);
  const what = recorded === now ? "name" : "owner";
  return [{ what, recorded: repository, now: id }];
}

function licenseOf(info: HubInfo, card: Buffer | undefined): string | undefined {
  const stated = card && readCard(card.toString("utf8"), () => undefined).license;
  return normalizeLicense(stated ?? licenseOfTags(info) ?? "");
}
