import type { ListedBatch } from "../registry/batches/list-batches.ts";
import type { ModelRecord, RecordedEvent, Status } from "../registry/model-record.ts";
import type { Registry } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { DigestCache } from "../model/hashing/digest-cache.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { LfsPointerPolicy } from "../model/lfs-pointer.ts";
import type { ManifestDigests } from "../model/manifest.ts";
import type { BlockSource } from "../content/content-store.ts";
import type { Standing } from "./check-standing.ts";
import type { FileComparison } from "./compare-resources.ts";
import type { ProofFile } from "./proof-file.ts";

/** The answer of a verification; each has its own exit code. */
export type Verdict = "verified" | "mismatch" | "not-registered" | "unchecked" | "unacceptable";

/**
 * What was compared: SHA-256 of all files, the model's CID, single files by their Merkle proofs, all files with a lock
 * file, or whatever hash another's token carries.
 */
export type VerifyMethod = "digests" | "cid" | "proof" | "lock" | "foreign";

/** The model at hand; its digests are absent where not all of it was hashed for them. */
export type VerifiedModel = Pick<HashedModel, "path" | "kind" | "excluded" | "ignorePaths"> &
  Partial<Pick<HashedModel, "cached" | "pointers" | "cid">> &
  Partial<ManifestDigests>;

/** A statement that was checked, and whether it held. */
export interface Check {
  readonly what: string;
  readonly passed: boolean;
}

/** Something that was not checked, and why. */
export interface NotChecked {
  readonly what: string;
  readonly why: string;
}

/** Where a record stands. */
export type RegistryPlace = Pick<Registry, "address" | "chainId" | "name">;

/** What is recorded of a model: of its token, or, without an owner, of its place in an anchored batch. */
export type RecordedModel = Omit<ModelRecord, "owner"> & Partial<Pick<ModelRecord, "owner">>;

/** A further record of the same digest, younger than the one in the report. */
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
  readonly record?: RecordedModel;
  readonly event?: RecordedEvent;
  /** The batch that holds the record, where it has no token. */
  readonly batch?: ListedBatch;
  readonly otherRecords?: readonly OtherRecord[];
  readonly ancestry?: AncestryStatus;
  readonly latest?: LatestVersion;
  readonly metadata?: Metadata;
  /** Whether the metadata is signed by its creator, where that was checked. */
  readonly signed?: boolean;
  /** The policy that the record was judged by, and what it finds not acceptable. */
  readonly policy?: PolicyVerdict;
  /** A row a file, where the recorded names are known. */
  readonly files: readonly FileComparison[];
  /** Of single files that are as recorded; only where single files were asked for. */
  readonly proofs?: readonly ProofFile[];
  /** What was checked, in words, and whether it held. */
  readonly checks: readonly Check[];
  readonly notChecked: readonly NotChecked[];
  readonly warnings: readonly string[];
  /** Tokens with the same weight files, when the model itself is not registered. */
  readonly sameWeights: readonly TokenPlace[];
}

/** Input of `verifyModel`. */
export interface VerifyRequest {
  readonly modelPath: string;
  /** The registry to ask, or several, on any chains: the earliest record counts. */
  readonly registry: Registry | readonly Registry[];
  /** Why each of the registries that should be asked, too, cannot be: nothing is "not registered" then. */
  readonly unreachable?: readonly string[];
  /** Training data, to be compared with what was recorded of it. */
  readonly datasetPath?: string;
  /** Where metadata is read from; what it answers is checked against the chain. */
  readonly store: BlockSource;
  /** The token the model should be; it is found by the model's digest when left out. */
  readonly tokenId?: bigint;
  readonly ignorePaths?: readonly string[];
  /** Compare the model's CID instead of the digests of its files, where the record names it and the token is known. */
  readonly fast?: boolean;
  /** Also compute the model's CID and compare it with the one that the record names. */
  readonly withCid?: boolean;
  /** Follow the links of a Hugging Face cache snapshot. */
  readonly hfCache?: boolean;
  /** Compare by Git LFS pointers instead of content; the report says so. */
  readonly lfsPointers?: LfsPointerPolicy;
  /** A model that lies elsewhere and was hashed there: nothing of it is on this machine. */
  readonly hashed?: HashedModel;
  /** Do not read files that it knows; the report says how many. */
  readonly cache?: DigestCache;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
}

/** The same input for one of its registries. */
export type OneRegistry<Request extends Pick<VerifyRequest, "registry">> = Omit<Request, "registry"> & {
  readonly registry: Registry;
};

/** The registries of a request, as a list. */
export function registriesOf({ registry }: Pick<VerifyRequest, "registry">): readonly Registry[] {
  return "contract" in registry ? [registry] : registry;
}

/** How a report names a registry. */
export function placeOf({ address, chainId, name }: Registry): RegistryPlace {
  return { address, chainId, ...(name !== undefined && { name }) };
}

/** What a verification gathers on its way. */
export class Findings {
  readonly checks: Check[] = [];
  readonly notChecked: NotChecked[] = [];
  readonly warnings: string[] = [];
  /** Whether the metadata is signed by its creator; undefined where that was not checked. */
  signed?: boolean;

  /** All of it, as a report holds it: what is written down later stands there, too. */
  lists(): { checks: Check[]; notChecked: NotChecked[]; warnings: string[] } {
    const { checks, notChecked, warnings } = this;
    return { checks, notChecked, warnings };
  }

  /** Writes down a check; returns whether it held. */
  check(what: string, passed: boolean): boolean {
    this.checks.push({ what, passed });
    return passed;
  }

  /** Writes down that something was not checked. */
  skip(what: string, why: string): void {
    this.notChecked.push({ what, why });
  }

  /** Does a check that others do not wait for: where something cannot be read, it is written down as not checked. */
  async orSkip<T>(what: string, check: () => Promise<T>): Promise<T | undefined> {
    try {
      return await check();
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      this.skip(what, error.message);
      return undefined;
    }
  }

  /** Reads something without which the verification goes on: a failure becomes a warning, said once. */
  async orWarn<T>(read: () => Promise<T>): Promise<T | undefined> {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      if (!this.warnings.includes(error.message)) this.warnings.push(error.message);
      return undefined;
    }
  }
}

/** Ends a verification in which everything compared was equal: by the contract, and by the status of the record. */
export function concludeEqual<Report extends Omit<VerifyReport, "verdict" | "reason">>(
  report: Report & { readonly record: RecordedModel },
  reason: string,
  { otherCode, batchStatus = "active", ancestry, latest }: Standing,
  findings: Findings,
): Report & Pick<VerifyReport, "verdict" | "reason"> {
  const { status } = report.record;
  const { signed } = findings;
  const standing = { ...(ancestry && { ancestry }), ...(latest && { latest }) };
  const found = { ...report, ...standing, ...(signed !== undefined && { signed }) };
  const isRevoked = status === "revoked" || batchStatus === "revoked";
  findings.check("the model is not revoked", !isRevoked);
  if (isRevoked) {
    const what =
      status === "revoked" ? "The model was revoked." : "The batch that the model was recorded in was revoked.";
    return { ...found, verdict: "unacceptable", reason: what };
  }
  if (otherCode !== undefined) return { ...found, verdict: "unacceptable", reason: otherCode };
  if (status === "deprecated" || batchStatus === "deprecated") findings.warnings.push("The model is deprecated.");
  return { ...found, verdict: "verified", reason };
}
