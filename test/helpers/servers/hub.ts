import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { answerListing, answerModelInfo, answerTree } from "./hub-api.ts";
import { answerContent, answerFile } from "./hub-files.ts";
import { type HubFault, misbehave } from "./hub-faults.ts";
import { type HubFiles, type HubRepo, hubCommit } from "./hub-repo.ts";

/** A request that the hub was sent. */
export interface HubRequest {
  readonly method: string;
  /** Path with query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly range: string | undefined;
  /** Whether it went to the other origin, where LFS files lie. */
  readonly atContent: boolean;
}

/** What the hub serves, and who asked for what. */
export interface HubState {
  readonly repos: Map<string, HubRepo>;
  /** Old names and where they lead. */
  readonly renamed: Map<string, string>;
  readonly faults: HubFault[];
  readonly requests: HubRequest[];
  /** Tokens that may read private and gated repositories. */
  readonly tokens: ReadonlySet<string>;
  /** Entries of a page of the listing, and of a tree. */
  readonly pageSize: number;
  readonly treePageSize: number;
  readonly url: string;
  readonly contentUrl: string;
}

/** Options of {@link startHub}. */
export interface HubOptions {
  readonly repos?: Iterable<HubRepo>;
  readonly tokens?: readonly string[];
  readonly pageSize?: number;
  readonly treePageSize?: number;
  /** Note down requests; off for long runs. */
  readonly keepRequests?: boolean;
}

/** The one token that {@link startHub} accepts unless told otherwise. */
export const HUB_TOKEN = "hf_replayServerToken";

/**
 * Starts a server that speaks the Hugging Face Hub's API on two free ports of this machine: listing with cursor, model
 * info, tree, resolve and raw with HEAD and Range, LFS files on an origin of their own, errors with `X-Error-Code`.
 */
export async function startHub(options: HubOptions = {}) {
  const { keepRequests = true } = options;
  const requests: HubRequest[] = [];
  const listen = async (atContent: boolean): Promise<Server> => {
    const server = createServer((request, response) => {
      if (keepRequests) requests.push(describe(request, atContent));
      handle(state, request, response, atContent).catch((error: unknown) => {
        response.destroy(error as Error);
      });
    });
    server.keepAliveTimeout = 60_000;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return server;
  };
  const servers = [await listen(false), await listen(true)] as const;
  const state: HubState = {
    repos: new Map([...(options.repos ?? [])].map((repo) => [repo.id, repo])),
    renamed: new Map(),
    faults: [],
    requests,
    tokens: new Set(options.tokens ?? [HUB_TOKEN]),
    pageSize: options.pageSize ?? 1000,
    treePageSize: options.treePageSize ?? 1000,
    url: urlOf(servers[0]),
    contentUrl: urlOf(servers[1]),
  };
  return {
    ...state,
    add: (...repos: HubRepo[]) => repos.forEach((repo) => state.repos.set(repo.id, repo)),
    /** Adds a commit, which becomes `main`. */
    push: (id: string, files: HubFiles, info: HubRepo["info"] = {}) => {
      const repo = state.repos.get(id) as HubRepo;
      const commit = hubCommit(`${id} ${repo.commits.length}`, files);
      state.repos.set(id, { ...repo, info: { ...repo.info, ...info }, commits: [...repo.commits, commit] });
      return commit.sha;
    },
    /** Moves a repository: its old name answers with a redirect. */
    rename: (from: string, to: string) => {
      const repo = state.repos.get(from) as HubRepo;
      state.repos.delete(from);
      state.repos.set(to, { ...repo, id: to });
      state.renamed.set(from, to);
    },
    remove: (id: string) => state.repos.delete(id),
    /** Lets the next requests for a path fail. */
    fail: (fault: HubFault) => state.faults.push(fault),
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

/** A running replay server. */
export type ReplayHub = Awaited<ReturnType<typeof startHub>>;

async function handle(
  state: HubState,
  request: IncomingMessage,
  response: ServerResponse,
  atContent: boolean,
): Promise<void> {
  const url = new URL(request.url ?? "/", state.url);
  const fault = state.faults.find(({ path, times = 1 }) => times > 0 && path.test(request.url ?? ""));
  if (fault !== undefined) {
    fault.times = (fault.times ?? 1) - 1;
    if (await misbehave(fault, response)) return;
  }
  if (atContent) return answerContent(state, url, request, response);
  if (url.pathname === "/api/models") return answerListing(state, url, response);
  const api = /^\/api\/models\/([^/]+\/[^/]+|[^/]+)(?:\/(revision|tree)\/([^/]+)(\/.*)?)?$/.exec(url.pathname);
  if (api !== null) {
    const [, id, kind, revision] = api.map((part) => part && decodeURIComponent(part)) as (string | undefined)[];
    const asked = { id: id as string, revision: revision ?? "main", authorization: request.headers.authorization };
    return kind === "tree" ? answerTree(state, asked, url, response) : answerModelInfo(state, asked, url, response);
  }
  return answerFile(state, url, request, response);
}

function describe(request: IncomingMessage, atContent: boolean): HubRequest {
  const { method = "", url: path = "", headers } = request;
  return { method, path, authorization: headers.authorization, range: headers.range, atContent };
}

function urlOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
