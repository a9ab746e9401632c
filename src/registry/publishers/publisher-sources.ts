import type { Provider } from "ethers";
import type { Deadline } from "../../base/deadline.ts";
import type { DidWeb } from "../../metadata/did-web.ts";
import type { PublisherClaim } from "./publisher.ts";
import type { PublisherStatement } from "../../metadata/publisher-statement.ts";

/**
 * The verifier's own names of accounts: by the address in lower case, for all chains, or by `eip155:<chain>:<address in lower
 * case>`, which goes before.
 */
export type AddressBook = ReadonlyMap<string, string>;

/** The document of a DID as it was answered. */
export interface FetchedDocument {
  readonly bytes: Uint8Array;
  /** When: Unix time in seconds. */
  readonly time: number;
}

/** Fetches the document of a did:web. @throws {ProvenanceError} for whatever goes wrong: then nothing is known */
export type DidFetcher = (did: DidWeb, signal?: AbortSignal) => Promise<FetchedDocument>;

/** What ENS says of an account. */
export interface EnsAnswer {
  /** That its reverse record names. */
  readonly name: string;
  /** Whether the name leads back to the account. */
  readonly leadsBack: boolean;
  /** When: Unix time in seconds. */
  readonly time: number;
}

/** Asks ENS for an account; undefined where it has no name. @throws {ProvenanceError} for whatever goes wrong */
export type EnsReader = (account: string) => Promise<EnsAnswer | undefined>;

/** A statement that does not stand in the metadata, but was named by the verifier. */
export interface NamedStatement extends PublisherStatement {
  /** With EIP-55 checksum. */
  readonly account: string;
  /** CAIP-10 account of the registry that it was signed for. */
  readonly registry: string;
}

/** A claim that held once, and was accepted then. */
export type AcceptedClaim = Pick<PublisherClaim, "source" | "id" | "name" | "checkedAt">;

/** Who can be asked who is behind an account; what is left out is not asked. */
export interface PublisherSources {
  readonly book?: AddressBook;
  readonly fetchDid?: DidFetcher;
  readonly readEns?: EnsReader;
  readonly statements?: readonly NamedStatement[];
  /** What held when the account was looked up before: that it does not hold any more is said. */
  readonly accepted?: { readonly account: string; readonly claims: readonly AcceptedClaim[] };
}

/** An account, and what is known of it. */
export interface PublisherQuestion {
  /** With EIP-55 checksum. */
  readonly account: string;
  readonly chainId: bigint;
  /** Address of the registry. */
  readonly registry: string;
  /** What the metadata hold. */
  readonly statement?: PublisherStatement | undefined;
  /** Of the registry's chain; contracts' signatures are not known without. */
  readonly provider?: Provider | undefined;
  /** How long others are waited for. */
  readonly deadline: Deadline;
}

/** The key of an account in an {@link AddressBook}; of all chains where none is given. */
export function bookKey(account: string, chainId?: bigint): string {
  const address = account.toLowerCase();
  return chainId === undefined ? address : `eip155:${chainId}:${address}`;
}

/** What an address book calls an account; a name for its chain goes before one for all. */
export function lookUp(book: AddressBook | undefined, account: string, chainId: bigint): PublisherClaim[] {
  const name = book?.get(bookKey(account, chainId)) ?? book?.get(bookKey(account));
  return name === undefined ? [] : [{ source: "address-book", id: name, name, holds: "yes" }];
}

/** Keeps the document of each DID, so that one verdict fetches each once and all of it says the same. */
export function rememberDocuments(fetchDid: DidFetcher): DidFetcher {
  const known = new Map<string, Promise<FetchedDocument>>();
  return async (did, signal) => {
    const found = known.get(did.did) ?? fetchDid(did, signal);
    known.set(did.did, found);
    return found;
  };
}
