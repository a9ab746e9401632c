import { ProvenanceError } from "../base/errors.ts";
import { toHex32 } from "../base/hex.ts";
import { nameAccount } from "../registry/publishers/publisher.ts";
import { FAILURES, type Failure, type Finding } from "./findings.ts";
import type { CheckedStatement, NotChecked, PolicyVerdict, Verdict, VerifyReport } from "./report.ts";
import type { Way } from "./ways.ts";

/** What people read first, and what a process answers; only one of them is success. */
export const VERDICTS = {
  verified: { headline: "VERIFIED", exitCode: 0 },
  mismatch: { headline: "MISMATCH", exitCode: 1 },
  "not-registered": { headline: "NOT REGISTERED", exitCode: 3 },
  unchecked: { headline: "COULD NOT CHECK", exitCode: 4 },
  unacceptable: { headline: "NOT ACCEPTABLE", exitCode: 5 },
} as const satisfies Record<Verdict, { headline: string; exitCode: number }>;

/** Said wherever a gate does not say whom it trusts. */
export const NO_CREATORS =
  "No creators are named (creators in the policy, MODEL_CREATORS): any account that may mint in this registry passes. " +
  "That somebody recorded exactly these files proves nothing about who made them.";

/** What nobody knows of files of more than one leaf where their CIDs alone were compared. */
export const CID_UNTIED = "whether files of more than one leaf have the SHA-256 in the manifest";

const MEANS: Record<Failure, Verdict> = {
  differs: "mismatch",
  absent: "not-registered",
  unknown: "unchecked",
  refused: "unacceptable",
};

/** What a check, or the comparison, found. */
export interface CheckFinding {
  readonly name: string;
  /** What was looked at, for what was not. */
  readonly what: string;
  readonly finding: Finding;
}

/** A report without its conclusion. */
export type Draft = Omit<VerifyReport, "verdict" | "reason" | "checks" | "notChecked" | "warnings">;

/** Why equality alone is not enough here: the model itself named its record. */
export interface ClaimOnly {
  readonly path: string;
}

/**
 * The one place where findings become a verdict: that of the worst failure, the first of equals; success where nothing
 * failed.
 */
export function conclude<Report extends Draft>(
  way: Way,
  draft: Report,
  found: readonly CheckFinding[],
  claim?: ClaimOnly,
): Report & VerifyReport {
  const report = { ...draft, ...listFindings(found), ...collectFacts(found) };
  const worst = found
    .flatMap(({ finding }) => ("reason" in finding ? [finding] : []))
    .toSorted((a, b) => FAILURES.indexOf(a.kind) - FAILURES.indexOf(b.kind))[0];
  if (worst !== undefined) return { ...report, verdict: MEANS[worst.kind], reason: worst.reason };
  if (claim !== undefined) return { ...report, verdict: "unchecked", reason: describeClaimOnly(way, report, claim) };
  return { ...report, verdict: "verified", reason: SUCCESS[way](report) };
}

/** What a policy says of a report. */
export interface PolicyOutcome extends PolicyVerdict {
  /** Why what the policy asks for could not be read. */
  readonly unread?: string;
  /** Why some places could not be asked that may hold a record by somebody who is accepted. */
  readonly gap?: string;
  /** Whether it says whose records are accepted. */
  readonly namesCreators: boolean;
}

/** Concludes once more, with what a policy says: it can only refuse. */
export function concludePolicy(
  report: VerifyReport,
  { unread, gap, namesCreators, ...policy }: PolicyOutcome,
): VerifyReport {
  const warnings = namesCreators ? report.warnings : [...report.warnings, NO_CREATORS];
  if (unread !== undefined) {
    const notChecked = [...report.notChecked, { name: "policy", what: "the policy", why: unread }];
    const reason = `What the policy asks for could not be read. ${unread}`;
    return { ...report, verdict: "unchecked", reason, notChecked, warnings };
  }
  const judged = { ...report, warnings, policy };
  const { violations } = policy;
  const [first] = violations;
  if (first === undefined) {
    const which =
      report.method === "lock" ? "every rule of the policy that needs no network" : "every rule of the policy";
    const kept = { name: "policy", what: `the record keeps ${which}`, passed: true };
    return { ...judged, checks: [...report.checks, kept] };
  }
  const broken = violations.map(({ rule, reason }) => ({
    name: "policy",
    what: `policy, ${rule}: ${reason}`,
    passed: false,
  }));
  const checks = [...report.checks, ...broken];
  const more = violations.length > 1 ? `, and ${violations.length - 1} more` : "";
  const reason = `The policy does not allow it: ${first.reason}${more}.`;
  if (gap === undefined) return { ...judged, verdict: "unacceptable", reason, checks };
  const text = `${reason} Another record may be there that it allows, and not every place could be asked. ${gap}`;
  return { ...judged, verdict: "unchecked", reason: text, checks };
}

/** Nothing is known of the record, so no policy can be kept. */
export function refuseUnknownRecord(report: VerifyReport): VerifyReport {
  const reason = "The policy cannot be applied: nothing is known of the record. Verify with the chain.";
  return { ...report, verdict: "unacceptable", reason };
}

/** The error of who needs a verified model and has another report. @param text - what is not done therefore */
export function toVerdictError({ verdict, reason, record }: VerifyReport, text: string): ProvenanceError {
  const token = record === undefined ? "" : ` of token ${toHex32(record.tokenId)}`;
  const codes = { "not-registered": "TOKEN_UNKNOWN", unchecked: "CHAIN_UNREACHABLE" } as const;
  const code = verdict === "not-registered" || verdict === "unchecked" ? codes[verdict] : "RECORD_CONTRADICTS";
  return new ProvenanceError(code, `The model${token} is not verified${text}. ${reason}`);
}

/** What was found as a report lists it: what holds or not, what was not checked, and what to be wary of. */
export function listFindings(found: readonly CheckFinding[]) {
  const checks: CheckedStatement[] = [];
  const notChecked: NotChecked[] = [];
  const warnings = new Set<string>();
  for (const { name, what, finding } of found) {
    switch (finding.kind) {
      case "facts":
        break;
      case "notDone":
        notChecked.push({ name, what: finding.what ?? what, why: finding.why });
        break;
      case "warns":
        warnings.add(finding.warning);
        if (finding.what !== undefined) checks.push({ name, what: finding.what, passed: true, warns: true });
        break;
      case "passed":
        checks.push({ name, what: finding.what, passed: true });
        break;
      case "differs":
      case "absent":
      case "unknown":
      case "refused":
        checks.push({ name, what: finding.what, passed: false });
    }
  }
  return { checks, notChecked, warnings: [...warnings] };
}

function collectFacts(found: readonly CheckFinding[]): Partial<VerifyReport> {
  return Object.assign({}, ...found.map(({ finding }) => (finding.kind === "facts" ? finding.facts : {}))) as object;
}

type Concluded = Draft & Pick<VerifyReport, "notChecked">;

const SUCCESS: Record<Way, (report: Concluded) => string> = {
  digests: (report) => `Exactly these files were recorded by ${creatorOf(report)}.`,
  cid: ({ notChecked, ...report }) => {
    const text = `These files have the CID that ${creatorOf(report)} recorded; no SHA-256 of whole files was computed`;
    return notChecked.every(({ what }) => what !== CID_UNTIED)
      ? `${text}.`
      : `${text}, so that of the larger ones the CID is not tied to the digest on chain.`;
  },
  files: (report) => `${scopeOf(report)}: as recorded by ${creatorOf(report)}, the others unknown.`,
  proof: ({ files, ...report }) =>
    `Only 1 file was checked, ${files[0]?.name}: as recorded by ${creatorOf(report)}, the others of the model unknown.`,
  root: ({ files }) =>
    `Only 1 file was checked, ${files[0]?.name}: it belongs to the manifest root that was given, the others of the model unknown.`,
  pack: (report) => `Exactly these files were recorded by ${creatorOf(report)}.`,
  lock: ({ approvedAt, ...report }) =>
    `Exactly these files were approved at block ${approvedAt}, as recorded by ${creatorOf(report)}.`,
  foreign: ({ model, filesChecked }) =>
    `A token of a contract that is not a ModelProvenanceNFT states a hash of ${
      model.kind === "file" || filesChecked === 1 ? "this file" : "all files"
    }. What that does not prove is said in the warnings.`,
  agent: ({ model, ...report }) =>
    `The owner of the agent ${model.path} says that it runs this model, which was recorded by ${creatorOf(report)}. No file was read, and what the agent runs is not known.`,
  credential: (report) =>
    `The credential says what ${creatorOf(report)} recorded. No file was read: whether you hold that model is not known.`,
};

/** How many of how many files were checked. */
export function scopeOf({ filesChecked, filesRecorded }: Pick<VerifyReport, "filesChecked" | "filesRecorded">): string {
  return `Only ${filesChecked} of ${filesRecorded} files were checked`;
}

function describeClaimOnly(way: Way, report: Concluded, { path }: ClaimOnly): string {
  const token = `TOKEN_ID=${toHex32(report.record?.tokenId ?? 0n)}`;
  if (way === "cid") {
    return `Only the claim in ${path} says which token this is. To accept that, run verify with ${token} VERIFY_FAST=1; or leave out VERIFY_FAST.`;
  }
  const names = report.files.map(({ name }) => name).join(",");
  return `${scopeOf(report)}, and only the model's own claim says of which token they are. To accept that, run verify with ${token} VERIFY_ONLY=${names}`;
}

function creatorOf({ record, publisher }: Pick<VerifyReport, "record" | "publisher">): string {
  return record === undefined ? "somebody" : nameAccount(record.creator, publisher);
}
