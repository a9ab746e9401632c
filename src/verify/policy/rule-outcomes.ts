import type { RuleOutcome } from "../report.ts";
import type { JudgedRule } from "./judge.ts";
import type { Policy } from "./policy.ts";

/** What asks for nothing. */
const LAX = new Set<unknown>(["optional", "allow", "any"]);
/** Rules that stand under others, by their first name. */
const NESTED = new Set(["licenses", "formats", "ancestors"]);

/**
 * Says of each rule whether it is kept, in the order in which the policies have them.
 *
 * @param judged - every rule that is broken, or may be
 */
export function listOutcomes(policies: readonly Policy[], judged: readonly JudgedRule[]): RuleOutcome[] {
  // What is broken may be a rule that follows from another, and stands in no policy.
  const rules = new Set([...policies.flatMap(listRules), ...judged.map(({ rule }) => rule).filter(isSingle)]);
  return [...rules].map((rule) => {
    const faults = judged.filter((one) => one.rule === rule || one.rule === groupOf(rule));
    if (faults.length === 0) return { rule, holds: "yes" as const };
    const broken = faults.filter(({ isUnread }) => !isUnread);
    const said = (broken.length > 0 ? broken : faults).map(({ reason }) => reason).join("; ");
    return { rule, holds: broken.length > 0 ? ("no" as const) : ("unknown" as const), reason: said };
  });
}

/** The rules of a policy, as a verdict calls them: `creators`, `licenses.allow`. */
export function listRules(policy: Policy): string[] {
  return Object.entries(policy).flatMap(([name, value]) => {
    if (name === "schemaVersion" || value === undefined || LAX.has(value)) return [];
    if (!NESTED.has(name)) return [name];
    return Object.entries(value).flatMap(([key, asked]) =>
      asked === undefined || LAX.has(asked) || (Array.isArray(asked) && asked.length === 0) ? [] : [`${name}.${key}`],
    );
  });
}

function groupOf(rule: string): string {
  return rule.split(".")[0] as string;
}

function isSingle(rule: string): boolean {
  return !NESTED.has(rule);
}
