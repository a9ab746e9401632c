import type { Metadata } from "../metadata/schema.ts";
import type { RecordedEvent } from "../registry/model-record.ts";
import type { FileComparison } from "./compare-resources.ts";
import type { LocatedRecord } from "./evidence.ts";
import type { Finding } from "./findings.ts";
import type { ProofFile } from "./proof-file.ts";
import type { Statement } from "./statement.ts";

/** The record that files are compared with, and what was said of it. */
export interface Subject {
  readonly judged: LocatedRecord;
  readonly statement: Statement;
  readonly event?: RecordedEvent | undefined;
}

/** What became of the files: a row each, and what was found in comparing them. */
export interface Comparison {
  readonly files: readonly FileComparison[];
  /** How many files of the model were compared with their record. */
  readonly filesChecked: number;
  readonly filesRecorded?: number;
  readonly findings: readonly Finding[];
  /** Of single files that are as recorded. */
  readonly proofs?: readonly ProofFile[];
}

/** Says where files differ from recorded ones, as far as that can be found out. */
export type DamageFinder = (rows: readonly FileComparison[], metadata: Metadata | undefined) => Promise<DamageFound>;

/** Rows with the places where they differ. */
export interface DamageFound {
  readonly files: readonly FileComparison[];
  readonly findings: readonly Finding[];
}
