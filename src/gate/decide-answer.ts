import { type ByteRange, parseByteRange } from "../base/byte-range.ts";

/** What a client asks for of a file that it may know already, in the words of its headers. */
export interface Conditions {
  readonly range?: string | undefined;
  readonly ifRange?: string | undefined;
  readonly ifMatch?: string | undefined;
  readonly ifNoneMatch?: string | undefined;
}

/** What to answer: all of it, a part, or nothing but a status. */
export type Answer =
  { readonly status: 200 } | { readonly status: 206; readonly range: ByteRange } | { readonly status: 304 | 412 | 416 };

/**
 * Decides what to answer to a request for a file.
 *
 * @param etag - strong, in quotes
 * @see RFC 9110, sections 13.2.2 and 14.2; several ranges at once are answered with the whole, as it allows
 */
export function decideAnswer(size: number, etag: string, conditions: Conditions): Answer {
  const { range, ifRange, ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && !isListed(etag, ifMatch, false)) return { status: 412 };
  if (ifNoneMatch !== undefined && isListed(etag, ifNoneMatch, true)) return { status: 304 };
  // A date can never be that of this file, for no time of it is ever given.
  if (range === undefined || (ifRange !== undefined && ifRange.trim() !== etag)) return { status: 200 };
  const parsed = parseByteRange(range, size);
  if (parsed === undefined) return { status: 200 };
  return parsed === "unsatisfiable" ? { status: 416 } : { status: 206, range: parsed };
}

/** Whether a list of entity tags names this one; weak ones count only where that is enough. */
function isListed(etag: string, header: string, weakly: boolean): boolean {
  if (header.trim() === "*") return true;
  return header.split(",").some((entry) => {
    const tag = entry.trim();
    return tag === etag || (weakly && tag === `W/${etag}`);
  });
}
