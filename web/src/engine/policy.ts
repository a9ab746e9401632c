import {
  NO_CREATORS,
  type PolicyFile,
  type SourceFile,
  type VerifyReport,
  applyPolicy,
  applyPolicyToLock,
  describeModelFormats,
  listRules,
  parsePolicyFile,
} from "model-provenance-nft/core";
import type { KeptPolicy } from "../state/own-rules.ts";
import { settings } from "../state/settings.ts";
import type { AllSources } from "./sources.ts";

/**
 * Reads a policy file as the command does, to be kept.
 *
 * @throws {ProvenanceError} `CONFIG_INVALID` with the line of every fault
 */
export async function readPolicyFile(file: File): Promise<KeptPolicy> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const { policy } = parsePolicyFile(bytes, `The policy ${file.name}`);
  // A mark at its start is one of the bytes that its digest is of.
  return {
    name: file.name,
    text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes),
    rules: listRules(policy),
  };
}

/** The policy of the settings. Errors as {@link readPolicyFile}, of what an older page kept. */
export function policyInEffect(): PolicyFile | undefined {
  const { policy } = settings.value;
  return policy && parsePolicyFile(new TextEncoder().encode(policy.text), `The policy ${policy.name}`);
}

/** What a policy is applied to. */
export interface Judged {
  readonly report: VerifyReport;
  readonly files: readonly SourceFile[];
}

/** Judges by the policy; who gives none is told what passes. */
export async function judgeByPolicy(
  { report, files }: Judged,
  policy: PolicyFile | undefined,
  { registries, store }: Pick<AllSources, "registries" | "store">,
): Promise<VerifyReport> {
  if (policy !== undefined) return applyPolicy(report, policy, { ...readingOf(files), registries, store });
  return report.verdict === "verified" ? { ...report, warnings: [...report.warnings, NO_CREATORS] } : report;
}

/** As {@link judgeByPolicy}, where nobody is asked. */
export async function judgeLocked({ report, files }: Judged, policy: PolicyFile | undefined): Promise<VerifyReport> {
  return policy === undefined ? report : applyPolicyToLock(report, policy, readingOf(files));
}

function readingOf(files: readonly SourceFile[]) {
  return { readFormats: async () => describeModelFormats(files), now: () => new Date() };
}
