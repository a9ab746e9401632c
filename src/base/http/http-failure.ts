import { ProvenanceError } from "../errors.ts";
import { hideCredentials } from "../url-secrets.ts";
import { TransientFailure } from "./retry.ts";

/** Who answered, and what must not be shown of the talk with it. */
export interface HttpService {
  /** As people call it, for messages: `Pinata`. */
  readonly name: string;
  /** Tokens that are cut out of every message. */
  readonly secrets?: readonly string[];
  /** What to do about a status, as a sentence; the status alone is said where it is undefined. */
  readonly advise?: (status: number) => string | undefined;
}

const PASSING = new Set([408, 423, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524]);
const MAX_REASON_LENGTH = 300;

/**
 * Makes the failure that a refusing status is: one that may pass (too many requests, server errors) or one that will not.
 *
 * @param body - what the service said; shortened, its secrets cut out
 * @param retryAfter - the pause it asked for, in milliseconds
 */
export function failureOfStatus(
  service: HttpService,
  status: number,
  body: string,
  retryAfter?: number,
): TransientFailure | ProvenanceError {
  const reason = redact(readReason(body), service);
  const said = `${service.name} answered ${status}${reason === "" ? "" : ` (${reason})`}.`;
  const advice = service.advise?.(status);
  if (PASSING.has(status)) {
    const text = advice ?? (status === 429 ? "It takes no more requests for now." : "Try again later.");
    return new TransientFailure(new ProvenanceError("STORE_FAILED", `${said} ${text}`), retryAfter);
  }
  return new ProvenanceError("STORE_REFUSED", advice === undefined ? said : `${said} ${advice}`);
}

/** Makes the failure of a talk that broke off: no connection, no answer in time, half an answer. It may pass. */
export function failureOfConnection(service: HttpService, error: unknown): TransientFailure {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  const reason = redact(cause?.code ?? cause?.message ?? message, service);
  return new TransientFailure(
    new ProvenanceError("STORE_FAILED", `${service.name} cannot be reached (${reason}). Try again later.`),
  );
}

/** Makes the failure of an answer that is not what the service documents. It may be cut short, so it may pass. */
export function failureOfAnswer(service: HttpService, fault: string): TransientFailure {
  const text = `${service.name} gave an answer that cannot be read (${redact(fault, service)}).`;
  return new TransientFailure(new ProvenanceError("STORE_FAILED", text));
}

/** Cuts secrets, and the users and passwords of URLs, out of a text of strangers, and shortens it. */
export function redact(text: string, { secrets = [] }: HttpService): string {
  const clean = secrets.filter((secret) => secret !== "").reduce((rest, secret) => rest.replaceAll(secret, "…"), text);
  const line = hideCredentials(clean).replaceAll(/\s+/g, " ").trim();
  return line.length <= MAX_REASON_LENGTH ? line : `${line.slice(0, MAX_REASON_LENGTH)}…`;
}

/** The reason in a JSON answer, as these services word it; else the text. */
function readReason(body: string): string {
  try {
    const { error, message } = JSON.parse(body) as { error?: unknown; message?: unknown };
    if (typeof error === "string") return error;
    if (typeof error === "object" && error !== null) {
      const { reason, details, message: text } = error as Record<string, unknown>;
      const parts = [reason, details, text].filter((part) => typeof part === "string" && part !== "");
      if (parts.length > 0) return parts.join(": ");
    }
    return typeof message === "string" ? message : body;
  } catch {
    return /<html/i.test(body) ? "" : body;
  }
}
