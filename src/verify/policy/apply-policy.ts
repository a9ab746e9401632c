import type { Registry } from "../../registry/registry.ts";
import { ProvenanceError } from "../../base/errors.ts";
import { walkAncestors } from "../../registry/lineage/walk-ancestors.ts";
import type { BlockSource } from "../../content/content-store.ts";
import { concludePolicy, refuseUnknownRecord } from "../conclude.ts";
import type { VerifyReport } from "../report.ts";
import { type JudgedRule, type ModelFormats, type PolicyFacts, judge } from "./judge.ts";
import type { Policy, PolicyFile } from "./policy.ts";
import { listOutcomes } from "./rule-outcomes.ts";

/** What a policy is applied with. */
export interface PolicyContext {
  /** Reads of which formats the files are; absent where no model is at hand. */
  readonly readFormats?: () => Promise<ModelFormats>;
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
  if (record === undefined) return refuseUnknownRecord(report);
  const namesCreators = [policy.creators, policy.publishers, creators].some((rule) => rule !== undefined);
  const named = creators === undefined ? [] : [{ schemaVersion: "1.0" as const, creators: [...creators] }];
  try {
    const facts = await gatherFacts({ ...report, record }, policy, context);
    const judged = [policy, ...named].flatMap((rules) => judge(rules, facts));
    const rules = listOutcomes([policy, ...named], judged);
    const unread = judged.every((rule) => rule.isUnread) ? judged[0] : undefined;
    if (unread !== undefined)
      return { ...concludePolicy(report, { violations: [], namesCreators, unread: sayUnread(unread) }), rules };
    const violations = judged.map(({ rule, reason }) => ({ rule, reason }));
    const gap = violations.some(({ rule }) => CHOSEN.has(rule)) ? report.gaps?.[0] : undefined;
    const said = { ...(digest !== undefined && { digest }), ...(gap !== undefined && { gap }) };
    return { ...concludePolicy(report, { violations, namesCreators, ...said }), rules };
  } catch (error) {
    if (!(error instanceof ProvenanceError) || error.code !== "CHAIN_UNREACHABLE") throw error;
    return concludePolicy(report, { violations: [], namesCreators, unread: error.message });
  }
}

/** What one rule lacks: where others are broken for certain, these are said and nothing else counts. */
function sayUnread({ rule, reason }: JudgedRule): string {
  return `${rule}: ${reason}.`;
}

// Rules by which the record that is judged was chosen: another one may keep them.
const CHOSEN = new Set(["creators", "publishers", "registries"]);

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
  const formats = policy.formats === undefined ? undefined : await context.readFormats?.();
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
