import type { ModelRecord, RecordedEvent } from "../chain/model-record.ts";
import type { Registry } from "../chain/registry.ts";
import { ProvenanceError } from "../errors.ts";
import type { DigestCache } from "../hashing/digest-cache.ts";
import type { ByteProgress } from "../hashing/digest-files.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { LfsPointerPolicy } from "../model/lfs-pointer.ts";
import type { ManifestDigests } from "../model/manifest.ts";
import type { BlockSource } from "../store/content-store.ts";
import type { FileComparison } from "./compare-resources.ts";
import type { ProofFile } from "./proof-file.ts";

/** The answer of a verification; each has its own exit code. */
export type Verdict = "verified" | "mismatch" | "not-registered" | "unchecked" | "unacceptable";

/** What was compared: SHA-256 of all files, the model's CID, or single files by their Merkle proofs. */
export type VerifyMethod = "digests" | "cid" | "proof";

/** The model at hand; its digests are absent where not all of it was hashed for them. */
export type VerifiedModel = Pick<HashedModel, "path" | "kind" | "excluded" | "ignorePaths"> &
  Partial<Pick<HashedModel, "cached" | "pointers" | "cid">> &
  Partial<ManifestDigests>;

/** A statement that was checked, and whether it held. */
export interface Check {
  readonly what: string;
  readonly passed: boolean;
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
  readonly record?: ModelRecord;
  readonly event?: RecordedEvent;
  readonly metadata?: Metadata;
  /** A row a file, where the recorded names are known. */
  readonly files: readonly FileComparison[];
  /** Of single files that are as recorded; only where single files were asked for. */
  readonly proofs?: readonly ProofFile[];
  /** What was checked, in words, and whether it held. */
  readonly checks: readonly Check[];
  readonly warnings: readonly string[];
  /** Tokens with the same weight files, when the model itself is not registered. */
  readonly sameWeights: readonly bigint[];
}

/** Input of `verifyModel`. */
export interface VerifyRequest {
  readonly modelPath: string;
  readonly registry: Registry;
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

/** What a verification gathers on its way. */
export class Findings {
  readonly checks: Check[] = [];
  readonly warnings: string[] = [];

  /** Writes down a check; returns whether it held. */
  check(what: string, passed: boolean): boolean {
    this.checks.push({ what, passed });
    return passed;
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

/** Ends a verification in which everything compared was equal: by the status of the record. */
export function concludeEqual<Report extends Omit<VerifyReport, "verdict" | "reason">>(
  report: Report & { readonly record: ModelRecord },
  reason: string,
  findings: Findings,
): Report & Pick<VerifyReport, "verdict" | "reason"> {
  if (!findings.check("the model is not revoked", report.record.status !== "revoked")) {
    return { ...report, verdict: "unacceptable", reason: "The model was revoked." };
  }
  if (report.record.status === "deprecated") findings.warnings.push("The model is deprecated.");
  return { ...report, verdict: "verified", reason };
}
