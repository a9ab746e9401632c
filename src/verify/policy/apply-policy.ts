import type { Registry } from "../../registry/registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { walkAncestors } from "../../registry/lineage/walk-ancestors.ts";
import type { WalkOptions } from "../../model/walk.ts";
import type { BlockSource } from "../../content/content-store.ts";
import type { VerifyReport } from "../report.ts";
import { type PolicyFacts, judge } from "./judge.ts";
import { readModelFormats } from "./model-formats.ts";
import type { Policy, PolicyFile } from "./policy.ts";

/** What a policy is applied with. */
export interface PolicyContext extends WalkOptions {
  readonly modelPath: string;
  /** All that were asked: ancestors may be in any of them. */
  readonly registries: readonly Registry[];
  /** Where metadata is read; nothing is read when left out. */
  readonly store?: BlockSource;
  /** The clock. */
  readonly now: () => Date;
}

/** Rules from a file, and accounts that were named beside it: a record must satisfy both. */
export interface AppliedPolicy extends Partial<PolicyFile> {
  readonly creators?: readonly string[];
}

/**
 * Judges a verified record by a policy. A report with another verdict is returned as it is: a policy can only refuse.
 *
 * @returns the report, verified, or `unacceptable` with every rule that is broken; `unchecked` where what the policy asks
 *   for could not be read
 * @throws {ProvenanceError} as the reading of the model's files
 */
export async function applyPolicy(
  report: VerifyReport,
  { policy = { schemaVersion: "1.0" }, digest, creators }: AppliedPolicy,
  context: PolicyContext,
): Promise<VerifyReport> {
  const { record } = report;
  if (report.verdict !== "verified") return report;
  if (record === undefined) {
    const reason = "The policy cannot be applied: nothing is known of the record. Verify with the chain.";
    return { ...report, verdict: "unacceptable", reason };
  }
  const isOpen = policy.creators === undefined && creators === undefined;
  const warnings = isOpen ? [...report.warnings, NO_CREATORS] : report.warnings;
  let facts: PolicyFacts;
  try {
    facts = await gatherFacts({ ...report, record }, policy, context);
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "CHAIN_UNREACHABLE") throw error;
    const notChecked = [...report.notChecked, { what: "the policy", why: error.message }];
    const reason = `What the policy asks for could not be read. ${error.message}`;
    return { ...report, verdict: "unchecked", reason, notChecked, warnings };
  }
  const named = creators === undefined ? [] : [{ schemaVersion: "1.0" as const, creators: [...creators] }];
  const violations = [policy, ...named].flatMap((rules) => judge(rules, facts));
  const judged = { ...report, warnings, policy: { ...(digest !== undefined && { digest }), violations } };
  const [first] = violations;
  if (first === undefined) {
    const which =
      report.method === "lock" ? "every rule of the policy that needs no network" : "every rule of the policy";
    return { ...judged, checks: [...report.checks, { what: `the record keeps ${which}`, passed: true }] };
  }
  const checks = violations.map(({ rule, reason }) => ({ what: `policy, ${rule}: ${reason}`, passed: false }));
  const more = violations.length > 1 ? `, and ${violations.length - 1} more` : "";
  const reason = `The policy does not allow it: ${first.reason}${more}.`;
  return { ...judged, verdict: "unacceptable", reason, checks: [...report.checks, ...checks] };
}

/** Said wherever a gate does not say whom it trusts. */
export const NO_CREATORS =
  "No creators are named (creators in the policy, MODEL_CREATORS): any account that may mint in this registry passes. " +
  "That somebody recorded exactly these files proves nothing about who made them.";

/** Reads what the policy asks for, and nothing else. */
async function gatherFacts(
  report: PolicyFacts["report"],
  policy: Policy,
  context: PolicyContext,
): Promise<PolicyFacts> {
  const registry = context.registries.find(
    ({ chainId, address }) => chainId === report.registry?.chainId && address === report.registry.address,
  );
  const headBlock =
    policy.minimumConfirmations === undefined
      ? undefined
      : await registry?.provider.getBlockNumber().catch(unreachable);
  const ancestry =
    policy.ancestors === undefined || registry === undefined || context.store === undefined
      ? undefined
      : await walkAncestors({ registry, record: report.record }, { ...context, store: context.store });
  const formats = policy.formats && (await readModelFormats(context.modelPath, context));
  return {
    report,
    now: Math.floor(context.now().getTime() / 1000),
    ...(headBlock !== undefined && { headBlock }),
    ...(ancestry && { ancestry }),
    ...(formats && { formats }),
  };
}

function unreachable(cause: unknown): never {
  throw new ProvenanceError("CHAIN_UNREACHABLE", "The node does not say which block is the newest. Try again.", {
    cause,
  });
}
