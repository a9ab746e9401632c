import type { Hex } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { Relation } from "../model/relation.ts";
import type { Resource } from "../model/resource.ts";
import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { RecordedEvent, Status } from "../registry/model-record.ts";
import type { Publisher } from "../registry/publishers/publisher.ts";
import type { StatusStatement } from "../registry/statuses.ts";
import type { AncestryStatus, Recall, RecordedModel, RegistryPlace } from "../verify/report.ts";

/** One record with all that a form may say of it: read once, from the chain and the metadata alone. */
export interface ExportedModel {
  readonly place: RegistryPlace;
  /** CAIP-10 account of the registry. */
  readonly registry: string;
  /** 0x-hex of 32 bytes: the model digest. */
  readonly tokenId: Hex;
  /** `<CAIP-10 account>/<token id>`: what names the record everywhere. */
  readonly id: string;
  readonly record: RecordedModel;
  /** What was emitted with it; absent where the node has lost it. */
  readonly event?: RecordedEvent;
  /** The anchored batch that holds it, where it has no token. */
  readonly batch?: ListedBatch;
  readonly metadata: Metadata;
  /** Its files: their digests are those that the token id is made from. */
  readonly resources: readonly Resource[];
  readonly status: StandingStatus;
  /** All that was said of it on the chain, oldest first. */
  readonly statements: readonly StatusStatement[];
  /** Whether its creator signed the metadata; undefined: could not be checked. */
  readonly signed?: boolean;
  /** Who is behind the creator's account; absent where nobody was asked. Forms name only what holds in both directions. */
  readonly publisher?: Publisher;
  /** What it says it came from: those of its registry first, then those of others. */
  readonly parents: readonly Relative[];
  /** Tokens of its registry that say they came from it, oldest first. */
  readonly children: readonly Relative[];
  /** What is said of its ancestors in its registry; absent without parents there, or where it could not be read. */
  readonly ancestry?: AncestryStatus;
  /** All its ancestors and their links; only where a form asked for them. */
  readonly lineage?: ExportedLineage;
  /** Where the metadata say something else than the chain, a sentence each: the chain counts. */
  readonly contradictions: readonly string[];
  /** What could not be found out, a sentence each. */
  readonly unknown: readonly string[];
}

/** What holds of a model now, over all records of its digest that count: a revocation of any of them is one of it. */
export interface StandingStatus {
  readonly word: Status;
  /** Who said so last, when and why; absent for a model of which nothing was said. */
  readonly statement?: StatusStatement;
  /** Another record of the same model that was recalled, where it was not this one. */
  readonly of?: Recall;
}

/** A model beside this one in the lineage, by name. */
export interface Relative {
  /** CAIP-10 account. */
  readonly registry: string;
  readonly tokenId: Hex;
  readonly relation: Relation;
  /** Whether an owner of the parent confirmed it; undefined: not known. */
  readonly endorsed?: boolean;
  /** Absent where its registry is not one of those that were asked. */
  readonly record?: Omit<RecordedModel, "owner">;
  /** Absent where its metadata could not be read. */
  readonly metadata?: Metadata;
}

/** The ancestors of a model, each once, nearest first. */
export interface ExportedLineage {
  readonly models: readonly Relative[];
  /** By the ids `<CAIP-10 account>/<token id>` of child and parent. */
  readonly links: readonly { readonly child: string; readonly parent: string; readonly relation: Relation }[];
}

/** What names a record everywhere: CAIP-10 account and token id. */
export function idOf({ registry, tokenId }: Pick<Relative, "registry" | "tokenId">): string {
  return `${registry}/${tokenId}`;
}

/** What a relative is called: by its metadata, else by its token. */
export function nameOf({ metadata, tokenId }: Pick<Relative, "metadata" | "tokenId">): string {
  return metadata?.name ?? `${tokenId.slice(0, 10)}…${tokenId.slice(-4)}`;
}
