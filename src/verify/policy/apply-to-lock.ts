import type { NotChecked, RuleOutcome, VerifyReport } from "../report.ts";
import { type AppliedPolicy, type PolicyContext, applyPolicy } from "./apply-policy.ts";
import type { Policy } from "./policy.ts";
import { listRules } from "./rule-outcomes.ts";

// What a lock does not hold: it takes the metadata, the ancestors or the chain.
const NOT_IN_LOCK = ["signature", "minimumConfirmations", "ancestors", "metrics"] as const;

const NOT_HELD = "the lock does not hold what it asks for: it was judged when the lock was written";

/**
 * Judges the record in a lock by the rules that need no network: creators, registries, status, licences, age by today's
 * clock, and the formats of the files at hand. The other rules are written down as not checked.
 *
 * @param report - of `verifyLock`; one that is not verified is returned as it is
 * @returns the report, verified, or `unacceptable` with every rule that is broken
 * @throws {ProvenanceError} as the reading of the model's files
 */
export async function applyPolicyToLock(
  report: VerifyReport,
  { policy = { schemaVersion: "1.0" }, ...rest }: AppliedPolicy,
  context: Omit<PolicyContext, "registries" | "store">,
): Promise<VerifyReport> {
  if (report.verdict !== "verified") return report;
  const left = NOT_IN_LOCK.filter((rule) => asks(policy, rule));
  const notChecked: NotChecked[] = left.map((rule) => ({ what: `the policy's rule on ${rule}`, why: NOT_HELD }));
  const judged = Object.fromEntries(Object.entries(policy).filter(([rule]) => !left.some((one) => one === rule)));
  const applied = await applyPolicy(
    { ...report, notChecked: [...report.notChecked, ...notChecked] },
    { ...rest, policy: judged as Policy },
    { ...context, registries: [] },
  );
  const open = listRules(policy).filter((rule) => left.some((one) => one === rule.split(".")[0]));
  const unknown = open.map((rule): RuleOutcome => ({ rule, holds: "unknown", reason: NOT_HELD }));
  return applied.rules === undefined ? applied : { ...applied, rules: [...applied.rules, ...unknown] };
}

function asks(policy: Policy, rule: (typeof NOT_IN_LOCK)[number]): boolean {
  return rule === "signature" ? policy.signature === "required" : policy[rule] !== undefined;
}
