import { ProvenanceError } from "../base/errors.ts";
import type { Publisher } from "../registry/publishers/publisher.ts";
import type { StatedAgent } from "./agent/stated-agent.ts";
import type { AncestryStatus, LatestVersion, Recall } from "./report.ts";

/** What a check finds beside its rows, for the report. */
export interface Facts {
  readonly signed: boolean;
  readonly ancestry: AncestryStatus;
  readonly latest: LatestVersion;
  readonly recalls: readonly Recall[];
  readonly publisher: Publisher;
  readonly agent: StatedAgent;
}

/**
 * One thing that was found: a statement that held or not, something that was not looked at, or what to be wary of. What a
 * failure means is said by its kind: `differs` (other files or another record than the one asked for), `absent` (there is no
 * record), `unknown` (it could not be found out, and the verdict hangs on it), `refused` (true, and not to be accepted).
 */
export type Finding =
  | { readonly kind: "passed"; readonly what: string }
  | { readonly kind: Failure; readonly what: string; readonly reason: string }
  | { readonly kind: "warns"; readonly what?: string; readonly warning: string }
  | { readonly kind: "notDone"; readonly what?: string; readonly why: string }
  | { readonly kind: "facts"; readonly facts: Partial<Facts> };

/** What failures there are, worst first: a verdict is that of the worst. */
export const FAILURES = ["differs", "absent", "unknown", "refused"] as const;
/** One of {@link FAILURES}. */
export type Failure = (typeof FAILURES)[number];

/** Something that holds. */
export function passed(what: string): Finding {
  return { kind: "passed", what };
}

/** Something that does not hold. @param reason - one sentence for people, which may become the verdict's */
export function failed(kind: Failure, what: string, reason: string): Finding {
  return { kind, what, reason };
}

/** A statement that holds, or else fails so. */
export function checked(holds: boolean, what: string, kind: Failure, reason: string): Finding {
  return holds ? passed(what) : failed(kind, what, reason);
}

/** Something to be wary of; as a row of its own where it is the answer of a check. */
export function warns(warning: string, what?: string): Finding {
  return { kind: "warns", warning, ...(what !== undefined && { what }) };
}

/** Something that was not looked at. @param what - where that is not what the check is called */
export function notDone(why: string, what?: string): Finding {
  return { kind: "notDone", why, ...(what !== undefined && { what }) };
}

/** Reads something without which the verification goes on; a failure is told to `fail`. */
export async function orElse<T>(read: () => Promise<T>, fail: (message: string) => void): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    fail(error.message);
    return undefined;
  }
}
