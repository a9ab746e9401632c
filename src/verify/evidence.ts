import type { BlockSource } from "../content/content-store.ts";
import type { Claim } from "../model/claim-form.ts";
import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { RecordedEvent } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type AcceptedClaim, type PublisherSources, bookKey } from "../registry/publishers/publisher-sources.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import type { StatedAgent } from "./agent/stated-agent.ts";
import type { RecordedModel, RegistryPlace } from "./report.ts";

/** Where records come from. */
export type Evidence = ChainEvidence | PackEvidence | LockEvidence;

/** A credential that the verifier was given about a model, as far as it was looked into. */
export interface StatedCredential {
  /** The DID of who issued it. */
  readonly issuer: string;
  /** Whether its proof is one of its issuer's; why not is a clause. */
  readonly proof: { readonly holds: "yes" | "no" | "unknown"; readonly why?: string };
  /** What it says of the record; what it leaves out is not claimed. */
  readonly claims: {
    readonly metadataDigest?: string;
    readonly creator?: string;
    readonly license?: string;
    readonly files?: readonly (readonly [name: string, sha256: string])[];
  };
}

/** Registries that can be asked. */
export interface ChainEvidence {
  readonly kind: "chain";
  readonly registries: readonly Registry[];
  /** Why each of the registries that should be asked, too, cannot be. */
  readonly unreachable: readonly string[];
  /** For metadata, and the folders of batches; nothing is read when left out. */
  readonly store?: BlockSource | undefined;
  /** Who is asked who is behind the creator. */
  readonly publishers?: PublisherSources | undefined;
  readonly credential?: StatedCredential | undefined;
  readonly agent?: StatedAgent | undefined;
}

/** One record, proved by a block that the verifier trusts. */
export interface PackEvidence {
  readonly kind: "pack";
  readonly block: { readonly number: number; readonly timestamp: number };
  /** Keccak-256 of the registry's code. */
  readonly codeHash: string;
  readonly store: BlockSource;
  readonly publishers?: PublisherSources | undefined;
}

/** One record, as it was approved. */
export interface LockEvidence {
  readonly kind: "lock";
  readonly blockNumber: number;
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  readonly policyDigest?: string | undefined;
  /** What the lock must be of; all that is left out may be anything. */
  readonly asked: AskedOfLock;
  readonly publishers?: PublisherSources | undefined;
  /** What held of the creator when the lock was written. */
  readonly accepted?: readonly AcceptedClaim[] | undefined;
}

/** What a lock is held against. */
export interface AskedOfLock {
  readonly tokenId?: bigint | undefined;
  /** Address of the registry. */
  readonly registry?: string | undefined;
  /** CAIP-10 accounts. */
  readonly registries?: readonly string[] | undefined;
  readonly chainId?: bigint | undefined;
  readonly creators?: readonly string[] | undefined;
  readonly policyDigest?: string | undefined;
}

/** A record and where it stands. */
export interface LocatedRecord {
  readonly place: RegistryPlace;
  /** Absent where nothing can be asked. */
  readonly registry?: Registry;
  readonly record: RecordedModel;
  /** Known beforehand for a model of a batch. */
  readonly event?: RecordedEvent;
  /** The batch that holds the record, where it is not that of a token. */
  readonly batch?: ListedBatch;
  /** What was submitted for a model of a batch. */
  readonly submission?: ModelSubmission;
}

/** Whose records, and in which registries, a verifier accepts; anything where it is left out. */
export interface Acceptance {
  readonly creators?: readonly string[];
  /** CAIP-10 accounts. */
  readonly registries?: readonly string[];
  /** Accounts of the publishers that are accepted, as keys of an address book, where all of them are known. */
  readonly accounts?: ReadonlySet<string>;
}

/** Reads the claim that lies with the model; it is only a hint. */
export type ClaimReader = () => Promise<Claim | undefined>;

/** How long the searches may take that a stranger could make long. */
export interface SearchLimits {
  /** For all that would be good to know besides, together. */
  readonly optionalMs: number;
  /** For the batches without which nothing can be said. */
  readonly decisiveMs: number;
}

/** What a verifier waits for unless told otherwise. */
export const SEARCH_LIMITS: SearchLimits = { optionalMs: 10_000, decisiveMs: 60_000 };

/** Tells whether a record may be accepted for who made it and where. */
export function isAccepted(
  { creators, registries, accounts }: Acceptance,
  { record: { creator }, place }: LocatedRecord,
): boolean {
  const isNamed = accounts?.has(bookKey(creator)) ?? true;
  return (
    includes(creators, creator) &&
    includes(registries, toCaip10(place)) &&
    (isNamed || accounts?.has(bookKey(creator, place.chainId)) === true)
  );
}

/** Tells whether a list that may be left out holds a text, in whatever case. */
export function includes(list: readonly string[] | undefined, text: string): boolean {
  return list === undefined || list.some((one) => one.toLowerCase() === text.toLowerCase());
}

/** The same origin: a token, and the batch that it was minted from. */
export function isOriginOf({ record, place, batch }: LocatedRecord, other: LocatedRecord): boolean {
  return (
    batch !== undefined &&
    other.batch === undefined &&
    toCaip10(place) === toCaip10(other.place) &&
    record.creator === other.record.creator &&
    record.mintedAt === other.record.mintedAt
  );
}
