import type { ServerResponse } from "node:http";
import type { HubState } from "./hub.ts";
import { type HubCommit, type HubRepo, treeOf } from "./hub-repo.ts";

/** Which repository is asked for, and by whom. */
export interface Asked {
  readonly id: string;
  readonly revision: string;
  readonly authorization: string | undefined;
}

/** Answers a listing: filtered, cut into pages, with the cursor of the next one in `Link`. */
export function answerListing(state: HubState, url: URL, response: ServerResponse): void {
  const query = url.searchParams;
  const [author, task, search] = ["author", "pipeline_tag", "search"].map((name) => query.get(name));
  const found = [...state.repos.values()].filter(({ id, info, access }) => {
    if (access === "private" || access === "disabled") return false;
    if (author && !id.startsWith(`${author}/`)) return false;
    if (task && info["pipeline_tag"] !== task) return false;
    return !search || id.toLowerCase().includes(search.toLowerCase());
  });
  const start = Number(query.get("cursor") ?? 0);
  const end = start + Math.min(Number(query.get("limit") ?? 1000), state.pageSize);
  if (end < found.length) {
    const next = new URL(url);
    next.searchParams.set("cursor", String(end));
    response.setHeader("link", `<${next.href}>; rel="next"`);
  }
  const page = found.slice(start, end).map((repo) => describeRepo(repo, repo.commits.at(-1), query));
  answerJson(response, page);
}

/** Answers what the API says of one repository at a revision. */
export function answerModelInfo(state: HubState, asked: Asked, url: URL, response: ServerResponse): void {
  const found = findRepo(state, asked, url, response);
  if (found === undefined) return;
  answerJson(response, describeRepo(found.repo, found.commit, url.searchParams));
}

/** Answers the tree of a revision in pages. */
export function answerTree(state: HubState, asked: Asked, url: URL, response: ServerResponse): void {
  const found = findRepo(state, asked, url, response);
  if (found === undefined) return;
  const entries = found.commit === undefined ? [] : treeOf(found.commit);
  const tree = found.repo.distort?.(entries) ?? entries;
  const start = Number(url.searchParams.get("cursor") ?? 0);
  const end = start + state.treePageSize;
  if (end < tree.length) {
    const next = new URL(url);
    next.searchParams.set("cursor", String(end));
    response.setHeader("link", `<${next.href}>; rel="next"`);
  }
  answerJson(response, tree.slice(start, end));
}

/**
 * Finds a repository and a commit, or answers why not: 307 for a renamed one, 401 for what an anonymous caller may not
 * know of, 404 and 403 with `X-Error-Code`.
 */
export function findRepo(
  state: HubState,
  { id, revision, authorization }: Asked,
  url: URL,
  response: ServerResponse,
): { repo: HubRepo; commit: HubCommit | undefined } | undefined {
  const token = authorization?.replace(/^Bearer /, "");
  const known = token !== undefined && state.tokens.has(token);
  if (token !== undefined && !known) {
    return void answerError(response, 401, undefined, "Invalid credentials in Authorization header");
  }
  const renamed = state.renamed.get(id);
  if (renamed !== undefined) {
    const path = url.pathname.replace(id, renamed);
    return void response.writeHead(307, { location: `${path}${url.search}` }).end();
  }
  const repo = state.repos.get(id);
  if (repo === undefined || (repo.access === "private" && !known)) {
    if (known) return void answerError(response, 404, "RepoNotFound", "Repository not found");
    return void answerError(response, 401, "RepoNotFound", "Invalid username or password.");
  }
  if (repo.access === "disabled") {
    return void answerError(response, 403, undefined, "Access to this resource is disabled.");
  }
  const commit = findCommit(repo, revision);
  if (commit === undefined && repo.commits.length > 0) {
    return void answerError(response, 404, "RevisionNotFound", `Invalid rev id: ${revision}`);
  }
  if (commit !== undefined) response.setHeader("x-repo-commit", commit.sha);
  return { repo, commit };
}

/** Answers an error as the Hub does, code and text in headers as well. */
export function answerError(response: ServerResponse, status: number, code: string | undefined, text: string): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-error-message": text,
    ...(code !== undefined && { "x-error-code": code }),
  });
  response.end(JSON.stringify({ error: text }));
}

function findCommit({ commits, refs = {} }: HubRepo, revision: string): HubCommit | undefined {
  if (revision === "main" || revision === "HEAD") return commits.at(-1);
  return commits.find(({ sha }) => sha === (refs[revision] ?? revision));
}

function describeRepo(repo: HubRepo, commit: HubCommit | undefined, query: URLSearchParams): Record<string, unknown> {
  const [owner] = repo.id.split("/");
  const all: Record<string, unknown> = {
    author: owner,
    gated: repo.access === "gated" ? "manual" : false,
    private: repo.access === "private",
    downloads: 0,
    likes: 0,
    lastModified: "2024-01-01T00:00:00.000Z",
    createdAt: "2024-01-01T00:00:00.000Z",
    tags: [],
    ...repo.info,
    sha: commit?.sha,
    siblings: [...(commit?.files.keys() ?? [])].map((rfilename) => ({ rfilename })),
  };
  const wanted = query.getAll("expand");
  const fields = wanted.length === 0 ? Object.entries(all) : wanted.map((name) => [name, all[name]] as const);
  return { _id: repo.id, id: repo.id, modelId: repo.id, ...Object.fromEntries(fields) };
}

function answerJson(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}
