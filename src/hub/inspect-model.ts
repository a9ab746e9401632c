import { ProvenanceError } from "../base/errors.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { type HubContents, readHubContents } from "./hub-contents.ts";
import { type HubFacts, readHubFacts } from "./hub-facts.ts";
import type { HubSnapshot } from "./hub-file.ts";
import { type HubInfo, readHubInfo, toHubInfo } from "./hub-info.ts";
import { readHubTree } from "./hub-tree.ts";
import type { Hub } from "./hub.ts";
import type { HubReference } from "../metadata/repo-id.ts";
import type { SelectedModel } from "./select-models.ts";

/** A revision of a model of the Hub, with its digests and what it says of itself. */
export interface InspectedModel {
  readonly info: HubInfo;
  readonly snapshot: HubSnapshot;
  readonly contents: HubContents;
  readonly facts: HubFacts;
  readonly warnings: readonly string[];
}

/** Options of {@link inspectModel}. */
export interface InspectOptions {
  /** Read private repositories as well: what is recorded of them becomes public. */
  readonly allowPrivate?: boolean;
}

/**
 * Reads a model of the Hub without its weights. Its revision is pinned to a commit first, and everything else is read
 * of that commit.
 *
 * @throws {ProvenanceError} `HUB_REPO_PRIVATE` for a private repository that was not asked for as such; `HUB_REPO_GATED`,
 *   `HUB_REPO_NOT_FOUND`, `HUB_REPO_EMPTY` and the other codes of the Hub; `RESOURCE_NAME_INVALID`
 */
export async function inspectModel(
  hub: Hub,
  { reference, entry }: SelectedModel,
  options: InspectOptions = {},
): Promise<InspectedModel> {
  return inspectInfo(hub, entry === undefined ? await readHubInfo(hub, reference) : toHubInfo(entry), options);
}

/** The same for a model of which the Hub said already which commit is meant. */
export async function inspectInfo(hub: Hub, info: HubInfo, options: InspectOptions = {}): Promise<InspectedModel> {
  const { snapshot, contents } = await readPinned(hub, info, options);
  const warnings: string[] = [];
  if (info.renamedFrom !== undefined) warnings.push(`${info.renamedFrom} is called ${info.id} now.`);
  const facts = await readHubFacts(snapshot, info, contents, (text) => warnings.push(text));
  return { info, snapshot, contents, facts, warnings: [...contents.model.warnings, ...warnings] };
}

/**
 * Computes the digests of a model of the Hub without its weights: what `hashModel` says of a downloaded copy. Errors as
 * {@link inspectModel}.
 *
 * @example
 * const { modelDigest } = await hashHubModel(openHub(), { id: "google-bert/bert-base-uncased" });
 */
export async function hashHubModel(
  hub: Hub,
  reference: HubReference,
  { ignorePaths = [] }: { readonly ignorePaths?: readonly string[] } = {},
): Promise<HashedModel> {
  const info = await readHubInfo(hub, reference);
  return (await readPinned(hub, info, { allowPrivate: true, ignorePaths })).contents.model;
}

async function readPinned(
  hub: Hub,
  info: HubInfo,
  { allowPrivate = false, ignorePaths = [] }: InspectOptions & { readonly ignorePaths?: readonly string[] },
) {
  const { id, revision } = info;
  if (info.isPrivate && !allowPrivate) {
    const text = `${id} is private, and what is recorded becomes public: names, sizes and digests of its files. Say --include-private to record it.`;
    throw new ProvenanceError("HUB_REPO_PRIVATE", text);
  }
  const snapshot: HubSnapshot = { hub, id, revision };
  return { snapshot, contents: await readHubContents(snapshot, await readHubTree(hub, id, revision, ignorePaths)) };
}
