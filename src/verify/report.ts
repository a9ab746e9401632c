import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { ModelRecord, RecordedEvent, Status } from "../registry/model-record.ts";
import type { Publisher } from "../registry/publishers/publisher.ts";
import type { Registry } from "../registry/registry.ts";
import type { Hex } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { ManifestDigests } from "../model/manifest-digests.ts";
import type { StatusStatement } from "../registry/statuses.ts";
import type { FileComparison } from "./compare-resources.ts";
import type { StatedAgent } from "./agent/stated-agent.ts";
import type { ProofFile } from "./proof-file.ts";

/** The answer of a verification; each has its own exit code. */
export type Verdict = "verified" | "mismatch" | "not-registered" | "unchecked" | "unacceptable";

/**
 * What was compared: SHA-256 of all files, the model's CID, single files by their Merkle proofs, all files with a lock
 * file, whatever hash another's token carries, or no file: what an agent or a credential states.
 */
export type VerifyMethod = "digests" | "cid" | "proof" | "lock" | "foreign" | "agent" | "credential";

/** Tells whether no file of the model was read: only what somebody states was compared. */
export function readsNoFile({ method }: { readonly method: VerifyMethod }): boolean {
  return method === "agent" || method === "credential";
}

/** The model at hand; its digests are absent where not all of it was hashed for them. */
export type VerifiedModel = Pick<HashedModel, "path" | "kind" | "excluded" | "ignorePaths"> &
  Partial<Pick<HashedModel, "cached" | "pointers" | "cid">> &
  Partial<ManifestDigests>;

/** A statement that was checked, and whether it held. */
export interface CheckedStatement {
  /** The check that it is of. */
  readonly name?: string;
  readonly what: string;
  /** True for what only warns. */
  readonly passed: boolean;
  /** It does not hold as one would wish, and decides nothing. */
  readonly warns?: true;
}

/** Something that was not checked, and why. */
export interface NotChecked {
  /** The check that it is of. */
  readonly name?: string;
  readonly what: string;
  readonly why: string;
}

/** Where a record stands. */
export type RegistryPlace = Pick<Registry, "address" | "chainId" | "name" | "source">;

/** What is recorded of a model: of its token, or, without an owner, of its place in an anchored batch. */
export type RecordedModel = Omit<ModelRecord, "owner"> & Partial<Pick<ModelRecord, "owner">>;

/** That a record of the same digest is deprecated or revoked, and what that means for the one in the report. */
export interface Recall {
  readonly place: RegistryPlace;
  readonly tokenId: bigint;
  /** Of the record that was recalled. */
  readonly creator: string;
  readonly of: "token" | "batch";
  readonly status: Status;
  /** Whether it is the record in the report, or the batch or token of the same one. */
  readonly isOwn: boolean;
  /** Whether a revocation is one that counts; undefined where that could not be found out. */
  readonly counts: boolean | undefined;
  /** By whom, when and why, where that could be read. */
  readonly statement?: StatusStatement;
  /** Why it could not. */
  readonly problem?: string;
}

/** A further record of the same digest. */
export interface OtherRecord {
  readonly registry: RegistryPlace;
  readonly tokenId: bigint;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly recordedAt: number;
  readonly status: Status;
  /** Whether it stands in an anchored batch, and not in a token. */
  readonly anchored: boolean;
}

/** A token in one of several registries. */
export interface TokenPlace {
  readonly registry: RegistryPlace;
  readonly tokenId: bigint;
}

/** What is said of a model's ancestors. */
export interface AncestryStatus {
  /** The worst status among all of them. */
  readonly worst: Status;
  /** The nearest ancestor that has it; the model itself where all are active. */
  readonly causeId: bigint;
  /** The ancestor's name, where its metadata could be read. */
  readonly name?: string;
  /** By whom it was recalled, when and why, where that could be read. */
  readonly statement?: StatusStatement;
}

/** What a policy says of a record. */
export interface PolicyVerdict {
  /** SHA-256 of the policy file, 0x-hex of 32 bytes; absent for one that was not a file. */
  readonly digest?: Hex;
  /** Empty: acceptable. */
  readonly violations: readonly PolicyViolation[];
}

/** A rule of a policy that a record breaks. */
export interface PolicyViolation {
  /** As the policy calls it. */
  readonly rule: string;
  readonly reason: string;
}

/** Whether a record keeps a rule of a policy. */
export interface RuleOutcome {
  /** As the policy calls it: `licenses.allow`. */
  readonly rule: string;
  /** `unknown`: what it asks for could not be read. */
  readonly holds: "yes" | "no" | "unknown";
  /** Why it does not, or is not known, as a clause. */
  readonly reason?: string;
}

/** The newest version of a model by its own creator or owner. */
export interface LatestVersion {
  readonly tokenId: bigint;
  readonly version: string;
}

/** What was found out, for people and programs. */
export interface VerifyReport {
  readonly verdict: Verdict;
  /** One sentence: why. */
  readonly reason: string;
  readonly method: VerifyMethod;
  /** How many files of the model were compared with their record. */
  readonly filesChecked: number;
  /** How many files the recorded model has, where that is known. */
  readonly filesRecorded?: number;
  readonly model: VerifiedModel;
  /** The registry that holds the record; without one, those that were asked are in `registries`. */
  readonly registry?: RegistryPlace;
  readonly registries?: readonly RegistryPlace[];
  /** The block of the lock that approved it. */
  readonly approvedAt?: number;
  readonly record?: RecordedModel;
  readonly event?: RecordedEvent;
  /** The batch that holds the record, where it has no token. */
  readonly batch?: ListedBatch;
  readonly otherRecords?: readonly OtherRecord[];
  /** Why some places that may hold another record could not be asked. */
  readonly gaps?: readonly string[];
  /** What was said of this record, and of the others, since. */
  readonly recalls?: readonly Recall[];
  readonly ancestry?: AncestryStatus;
  readonly latest?: LatestVersion;
  readonly metadata?: Metadata;
  /** Whether the metadata is signed by its creator, where that was checked. */
  readonly signed?: boolean;
  /** Who is behind the creator, where that was looked for. */
  readonly publisher?: Publisher;
  /** What an agent says it runs, where one was asked. */
  readonly agent?: StatedAgent;
  /** The policy that the record was judged by, and what it finds not acceptable. */
  readonly policy?: PolicyVerdict;
  /** Each rule of the policy, where it was applied: only a record that is verified otherwise is judged. */
  readonly rules?: readonly RuleOutcome[];
  /** A row a file, where the recorded names are known. */
  readonly files: readonly FileComparison[];
  /** Of single files that are as recorded; only where single files were asked for. */
  readonly proofs?: readonly ProofFile[];
  /** What was checked, in words, and whether it held. */
  readonly checks: readonly CheckedStatement[];
  readonly notChecked: readonly NotChecked[];
  readonly warnings: readonly string[];
  /** Tokens with the same weight files, when the model itself is not registered. */
  readonly sameWeights: readonly TokenPlace[];
}

/** How a report names a registry. */
export function placeOf({ address, chainId, name, source }: Registry): RegistryPlace {
  return { address, chainId, ...(name !== undefined && { name }), ...(source !== undefined && { source }) };
}
