import type { BlockSource } from "../../content/content-store.ts";
import type { RecordedEvent } from "../../registry/model-record.ts";
import type { Registry } from "../../registry/registry.ts";
import type { HashedModel } from "../../model/hash-model.ts";
import type { Resource } from "../../model/resource.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { Evidence, LocatedRecord } from "../evidence.ts";
import type { Finding } from "../findings.ts";
import type { Found } from "../locate.ts";
import type { Statement } from "../statement.ts";
import type { Way } from "../ways.ts";

/** All that a check may look at. */
export interface CheckContext {
  readonly way: Way;
  readonly evidence: Evidence;
  /** The record that is judged. */
  readonly judged: LocatedRecord;
  /** All records of this digest. */
  readonly found: Found;
  readonly statement: Statement;
  readonly event?: RecordedEvent | undefined;
  /** The files at hand, where all of them were hashed. */
  readonly hashed?: HashedModel | undefined;
  /** Where content is read; nothing is read when left out. */
  readonly store?: BlockSource | undefined;
  /** Hashes the training data at hand. */
  readonly hashDataset?: (() => Promise<readonly Resource[]>) | undefined;
}

/** Whether a way of asking does a check: it does, what it does otherwise says the same, or why it cannot. */
export type Answer = true | { readonly by: string } | string;

/**
 * One thing that is checked of a record. For each way of asking it says whether it is done, or why it cannot be: a reason
 * stands in the report under what was not checked.
 */
export interface Check {
  /** In programs and in the table of the documentation. */
  readonly name: string;
  /** What is looked at, in words. */
  readonly what: string;
  readonly ways: Readonly<Record<Way, Answer>>;
  readonly run: (context: CheckContext) => Iterable<Finding> | AsyncIterable<Finding>;
}

/** The registry of a record on a chain. @throws {ProvenanceError} `CHAIN_UNREACHABLE` where there is none to ask */
export function registryOf({ registry }: LocatedRecord): Registry {
  if (registry !== undefined) return registry;
  throw new ProvenanceError("CHAIN_UNREACHABLE", "There is no registry that could be asked.");
}

/** Why a check is not done where nothing but a file of ours is at hand. */
export const NOT_IN_LOCK = "a lock holds what was approved, and asks nobody";
/** As {@link NOT_IN_LOCK}, of a pack. */
export const NOT_IN_PACK = "a pack holds the record alone, as of its block";
/** As {@link NOT_IN_LOCK}, of a root that the verifier gave. */
export const NOT_BY_ROOT = "the root that was given says nothing of a record";
/** As {@link NOT_IN_LOCK}, of a token of somebody else's contract. */
export const NOT_FOREIGN = "a token of another contract has none that could be checked";
