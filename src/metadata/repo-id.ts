import { ProvenanceError } from "../base/errors.ts";

/** A model on the Hub, and which of its states is meant. */
export interface HubReference {
  /** `owner/name`, or the name alone for the Hub's oldest models. */
  readonly id: string;
  /** A commit, branch or tag; the newest commit of `main` when left out. */
  readonly revision?: string;
}

const PART = /^\w(?:[\w.-]{0,94}\w)?$/;
const REVISION = /^[\w][\w./-]{0,127}$/;
const COMMIT = /^[0-9a-f]{40}$/;
const URI = /^hf:(?:\/\/)?([^@]+)(?:@(.+))?$/;

/** Tells whether a text names a repository as the Hub allows: parts of letters, digits, `-`, `_` and `.`. */
export function isRepoId(text: string): boolean {
  const parts = text.split("/");
  return parts.length <= 2 && parts.every((part) => PART.test(part) && !/--|\.\.|\.git$/.test(part));
}

/**
 * Makes sure that a text names a repository, before it becomes part of a URL.
 *
 * @throws {ProvenanceError} `HUB_REPO_INVALID`
 */
export function assertRepoId(text: string): string {
  if (isRepoId(text)) return text;
  const takes = "owner/name, of letters, digits, -, _ and .";
  throw new ProvenanceError(
    "HUB_REPO_INVALID",
    `${JSON.stringify(text)} names no model of the Hub: it takes ${takes}.`,
  );
}

/** Tells whether a path means a model of the Hub: `hf:owner/name` or `hf://owner/name`, with `@revision` or without. */
export function isHubPath(path: string): boolean {
  return path.startsWith("hf:");
}

/**
 * Reads `hf:owner/name@revision`, or `owner/name@revision`.
 *
 * @throws {ProvenanceError} `HUB_REPO_INVALID`
 */
export function parseHubPath(path: string): HubReference {
  const match = URI.exec(isHubPath(path) ? path : `hf:${path}`);
  const id = assertRepoId(match?.[1] ?? path);
  const revision = match?.[2];
  if (revision === undefined) return { id };
  if (REVISION.test(revision) && !revision.includes("..")) return { id, revision };
  const text = `${JSON.stringify(revision)} is no revision: it takes a commit, a branch or a tag.`;
  throw new ProvenanceError("HUB_REPO_INVALID", text);
}

/** Tells whether a text is the id of a commit, 40 hex digits: what a pinned revision is. */
export function isCommit(text: unknown): text is string {
  return typeof text === "string" && COMMIT.test(text);
}

/** Writes a model of the Hub as a URI: `hf://owner/name@revision`. */
export function toHubUri({ id, revision }: HubReference): string {
  return revision === undefined ? `hf://${id}` : `hf://${id}@${revision}`;
}
