import { ProvenanceError, type ProvenanceErrorCode } from "../base/errors.ts";

/** What a refusal of the Hub is told by. */
export interface HubRefusal {
  readonly status: number;
  /** `X-Error-Code`: RepoNotFound, GatedRepo, RevisionNotFound, EntryNotFound. */
  readonly code: string | null;
  /** `X-Error-Message`. */
  readonly text: string | null;
}

const INVALID_TOKEN = "Invalid credentials in Authorization header";
const DISABLED = "Access to this resource is disabled.";

/**
 * Turns an answer of the Hub that is no success into an error that says what is the matter with the repository. To a
 * caller without a token the Hub answers 401 for what is private and for what is not there alike.
 *
 * @param what - the repository, or the file that was asked for
 * @returns `HUB_TOKEN_INVALID`, `HUB_REPO_GATED`, `HUB_REPO_PRIVATE`, `HUB_REPO_DISABLED`, `HUB_REPO_NOT_FOUND`,
 *   `HUB_REVISION_NOT_FOUND`, `HUB_FILE_NOT_FOUND`, else `HUB_ANSWER_INVALID`
 * @see huggingface_hub, `hf_raise_for_status`, for what the Hub answers
 */
export function toHubError(refusal: HubRefusal, what: string, hasToken: boolean): ProvenanceError {
  const [code, message] = explain(refusal, what, hasToken);
  return new ProvenanceError(code, message);
}

function explain(refusal: HubRefusal, what: string, hasToken: boolean): [ProvenanceErrorCode, string] {
  const { status, code, text } = refusal;
  if (status === 401 && text === INVALID_TOKEN) {
    return ["HUB_TOKEN_INVALID", "The Hub does not accept this token. Set HF_TOKEN to a valid one, or to none."];
  }
  if (code === "GatedRepo") {
    const how = hasToken ? "Ask its owner for access with the token's account." : "Get access to it and set HF_TOKEN.";
    return ["HUB_REPO_GATED", `${what} is gated: its files are not open to everybody. ${how}`];
  }
  if (code === "RevisionNotFound") return ["HUB_REVISION_NOT_FOUND", `${what} has no such revision.`];
  if (code === "EntryNotFound") return ["HUB_FILE_NOT_FOUND", `${what} is not in that revision.`];
  if (status === 403 && text === DISABLED) return ["HUB_REPO_DISABLED", `${what} was disabled on the Hub.`];
  if (status === 401) {
    const how = hasToken ? "with this token." : "without a token: set HF_TOKEN.";
    return ["HUB_REPO_PRIVATE", `${what} is private or not there: the Hub does not say which ${how}`];
  }
  if (status === 403) return ["HUB_REPO_PRIVATE", `The Hub does not let this token read ${what}.`];
  if (code === "RepoNotFound" || status === 404 || status === 410) {
    return ["HUB_REPO_NOT_FOUND", `${what} is not on the Hub: it was deleted or never there.`];
  }
  return ["HUB_ANSWER_INVALID", `The Hub answers ${status} to the request for ${what}.`];
}
