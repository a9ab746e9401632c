import { isRecord } from "../base/is-record.ts";
import type { ModelEntry } from "@huggingface/hub";
import { ProvenanceError } from "../base/errors.ts";
import { type Hub, clientOptions, loadHubClient } from "./hub.ts";
import { type HubReference, assertRepoId, isCommit, isRepoId } from "../metadata/repo-id.ts";

/** What the Hub's API says of a model: of a stranger, checked for its shape alone. */
export interface HubInfo {
  /** As the Hub writes it now. */
  readonly id: string;
  /** The name that was asked for, where the repository has another one now. */
  readonly renamedFrom?: string;
  /** The commit everything else is read of. */
  readonly revision: string;
  readonly isPrivate: boolean;
  readonly gated: boolean;
  readonly author?: string;
  /** `pipeline_tag`. */
  readonly task?: string;
  /** ISO 8601, as the API writes it. */
  readonly lastModified?: string;
  readonly library?: string;
  readonly tags: readonly string[];
  /** `config.architectures[0]`, as the Hub read it. */
  readonly architecture?: string;
  /** `config.tokenizer_config`, as the Hub read it. */
  readonly tokenizerConfig?: Readonly<Record<string, unknown>>;
}

/** Fields asked for beside those that the client always asks for. */
export const INFO_FIELDS = ["author", "config", "library_name", "sha", "tags"] as const;

/** An entry of the API as the client hands it on; nothing in it is sure. */
export type HubEntry = Pick<ModelEntry, "name"> &
  Partial<Record<keyof ModelEntry | (typeof INFO_FIELDS)[number], unknown>>;

const INFO_MAX_BYTES = 4 * 1024 * 1024;
const MAX_TEXT = 256;
const MAX_TAGS = 1000;

/**
 * Asks the Hub for a model and pins its revision to a commit.
 *
 * @throws {ProvenanceError} as the Hub's requests; `HUB_REPO_INVALID`, `HUB_REPO_EMPTY` for a repository without a commit
 */
export async function readHubInfo(hub: Hub, { id, revision }: HubReference): Promise<HubInfo> {
  const name = assertRepoId(id);
  const { modelInfo } = await loadHubClient();
  const entry = await modelInfo({
    ...clientOptions(hub),
    name,
    additionalFields: [...INFO_FIELDS],
    ...(revision !== undefined && { revision }),
    fetch: hub.fetch({ maxBytes: INFO_MAX_BYTES, what: name }),
  }).catch((cause: unknown) => {
    throw asAnswerInvalid(name, cause);
  });
  return toHubInfo(entry, name);
}

/**
 * Takes what can be taken of an entry of the API.
 *
 * @param asked - the name it was asked for by
 * @throws {ProvenanceError} `HUB_ANSWER_INVALID` for a name that is none, `HUB_REPO_EMPTY`
 */
export function toHubInfo(entry: HubEntry, asked?: string): HubInfo {
  const { name: id, sha: revision } = entry;
  if (typeof id !== "string" || !isRepoId(id)) {
    throw new ProvenanceError(
      "HUB_ANSWER_INVALID",
      `The Hub names a model ${JSON.stringify(id)}, which is no name of one.`,
    );
  }
  if (revision === undefined || revision === null) {
    throw new ProvenanceError("HUB_REPO_EMPTY", `${id} is empty: nothing was ever put into it.`);
  }
  if (!isCommit(revision)) {
    throw new ProvenanceError(
      "HUB_ANSWER_INVALID",
      `The Hub names no commit for ${id}, but ${JSON.stringify(revision)}.`,
    );
  }
  const config = isRecord(entry.config) ? entry.config : {};
  const architectures = config["architectures"];
  return {
    id,
    ...(asked !== undefined && asked !== id && { renamedFrom: asked }),
    revision,
    isPrivate: entry.private === true,
    gated: entry.gated !== false && entry.gated !== undefined,
    ...defined("author", textOf(entry.author)),
    ...defined("task", textOf(entry.task)),
    ...defined("lastModified", dateOf(entry.updatedAt)),
    ...defined("library", textOf(entry.library_name)),
    tags: Array.isArray(entry.tags) ? entry.tags.slice(0, MAX_TAGS).flatMap((tag) => textOf(tag) ?? []) : [],
    ...defined("architecture", Array.isArray(architectures) ? textOf(architectures[0]) : undefined),
    ...(isRecord(config["tokenizer_config"]) && { tokenizerConfig: config["tokenizer_config"] }),
  };
}

/** Makes whatever the client threw one of our errors. */
export function asAnswerInvalid(what: string, cause: unknown): ProvenanceError {
  if (cause instanceof ProvenanceError) return cause;
  const reason = ((cause as Error).message ?? String(cause)).split("\n")[0];
  return new ProvenanceError("HUB_ANSWER_INVALID", `The Hub's answer for ${what} cannot be read: ${reason}.`, {
    cause,
  });
}

function dateOf(value: unknown): string | undefined {
  return value instanceof Date && !Number.isNaN(value.getTime()) ? value.toISOString() : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= MAX_TEXT && value.isWellFormed()
    ? value
    : undefined;
}

function defined<Key extends string>(key: Key, value: string | undefined): { [K in Key]?: string } {
  return (value === undefined ? {} : { [key]: value }) as { [K in Key]?: string };
}
