import type { FastifyRequest } from "fastify";
import type { AuditEntry } from "./audit.ts";
import type { Session } from "./sessions.ts";

/** What is known of a request on its way, for the audit log above all. */
export interface RequestState {
  session?: Session | undefined;
  /** Who asks, where a session is only about to begin. */
  account?: string;
  event: AuditEntry["event"];
  path: string;
  outcome?: string;
  bytes?: number;
}

const STATES = new WeakMap<object, RequestState>();

/** The state of a request; the same one for as long as the request lives. */
export function stateOf(request: Pick<FastifyRequest, "raw">): RequestState {
  let state = STATES.get(request.raw);
  if (state === undefined) {
    state = { event: "other", path: pathOf(request.raw.url) };
    STATES.set(request.raw, state);
  }
  return state;
}

/** The path of a request as it was sent. Without the query, which may hold anything. */
export function pathOf(url: string | undefined): string {
  return (url ?? "").split(/[?#]/, 1)[0] as string;
}
