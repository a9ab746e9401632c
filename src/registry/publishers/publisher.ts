import { visibleName } from "../../base/visible-name.ts";

/** Who may say who is behind an account, in the order in which they are believed: the verifier, a web site, ENS. */
export const PUBLISHER_SOURCES = ["address-book", "did:web", "ens"] as const;
/** One of {@link PUBLISHER_SOURCES}. */
export type PublisherSource = (typeof PUBLISHER_SOURCES)[number];

/**
 * Whether it is so in both directions. `former`: it was once, and its other side ended it; `no`: the other side does not say
 * so; `unknown`: it could not be asked.
 */
export const CLAIM_ANSWERS = ["yes", "no", "former", "unknown"] as const;

/** What an account is said to be, and whether that holds. */
export interface PublisherClaim {
  readonly source: PublisherSource;
  /** `did:web:example.org`, a name of ENS, or the name in the address book. */
  readonly id: string;
  /** What it is called, as it was written: show it by {@link visibleName}. */
  readonly name: string;
  readonly holds: (typeof CLAIM_ANSWERS)[number];
  /** Why it does not, or is not known, as a clause. */
  readonly why?: string;
  /** When the other side was asked: Unix time in seconds. */
  readonly checkedAt?: number;
}

/** Who is behind an account, and how that is known. */
export interface Publisher {
  /** With EIP-55 checksum. */
  readonly account: string;
  /** The name, as it was written, where one holds in both directions: show it by {@link visibleName}. */
  readonly name?: string;
  /** Who says so. */
  readonly source?: PublisherSource;
  /** All that is said of it, in the order of the sources. */
  readonly claims: readonly PublisherClaim[];
  /** Why somebody could not be asked who might have named the account. */
  readonly unread?: readonly string[];
}

/** Joins what is said of an account: its name is that of the first claim that holds. */
export function toPublisher(account: string, claims: readonly PublisherClaim[]): Publisher {
  const ordered = claims.toSorted((a, b) => PUBLISHER_SOURCES.indexOf(a.source) - PUBLISHER_SOURCES.indexOf(b.source));
  const holding = ordered.find(({ holds }) => holds === "yes");
  return { account, ...(holding && { name: holding.name, source: holding.source }), claims: ordered };
}

/** An account as people read it: `example.org (0x…)`, or the address alone. Nothing of it is left to escape. */
export function nameAccount(account: string, publisher: Pick<Publisher, "name"> | undefined): string {
  return publisher?.name === undefined ? account : `${visibleName(publisher.name)} (${account})`;
}

/** One claim as people read it, after `who recorded it`; nothing of it is left to escape. */
export function describeClaim({ source, name: raw, holds, why, checkedAt }: PublisherClaim): string {
  const name = visibleName(raw);
  const when = checkedAt === undefined ? "" : `, as of ${new Date(checkedAt * 1000).toISOString()}`;
  const reason = why === undefined ? "" : `: ${visibleName(why)}`;
  switch (holds) {
    case "yes":
      return source === "address-book" ? `${name} (address book)` : `${name} (${source}, both ways${when})`;
    case "no":
      return why === undefined
        ? `says it is ${name}, which does not say so${when}`
        : `is said to be ${name}, but ${visibleName(why)}${when}`;
    case "former":
      return `was ${name}, which does not say so any more${reason}`;
    case "unknown":
      return `says it is ${name}, which could not be checked${reason}`;
  }
}
