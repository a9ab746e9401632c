import { toCaip10 } from "../../registry/registry.ts";
import { toHex32 } from "../../base/hex.ts";
import type { Ancestry, AncestryLink } from "../../registry/lineage/walk-ancestors.ts";
import { allowsCommercialUse, compareLicenses, satisfiesLicenses } from "../../metadata/license-terms.ts";
import { lookUp } from "../../registry/publishers/publisher-sources.ts";
import { describeClaim } from "../../registry/publishers/publisher.ts";
import { visibleName } from "../../base/visible-name.ts";
import { findDenied } from "../../metadata/denied-licenses.ts";
import { type PolicyViolation, type RecordedModel, type VerifyReport, readsNoFile } from "../report.ts";
import type { AcceptedPublishers, Policy } from "./policy.ts";

/** What a policy judges: a report in which everything else is as it should be, and what the policy asks for besides. */
export interface PolicyFacts {
  readonly report: VerifyReport & { readonly record: RecordedModel };
  /** Unix time in seconds. */
  readonly now: number;
  /** Number of the newest block, where confirmations are asked for. */
  readonly headBlock?: number;
  /** Where the policy asks for ancestors. */
  readonly ancestry?: Ancestry;
  /** Where the policy asks for formats. */
  readonly formats?: ModelFormats;
}

/** Of which formats the files of a model are. */
export interface ModelFormats {
  readonly found: readonly string[];
  /** Files that may run code when they are loaded. */
  readonly unsafe: readonly string[];
  /** Programs: scripts, and compiled ones. */
  readonly code: readonly string[];
  /** Files with weights of no known format. */
  readonly unknown: readonly string[];
}

/** A rule that is broken; or that may be, for what it asks for could not be read now. */
export interface JudgedRule extends PolicyViolation {
  readonly isUnread: boolean;
}

/** Finds every rule of a policy that a record breaks. Nothing is asked of anybody: what is not known is not acceptable. */
export function judge(policy: Policy, facts: PolicyFacts): JudgedRule[] {
  const faults: Fault[] = [
    ...judgeOrigin(policy, facts),
    ...(policy.publishers ? judgePublisher(policy.publishers, facts.report) : []),
    ...judgeLicense(policy, facts.report.record.license),
    ...judgeTime(policy, facts),
    ...(policy.formats ? judgeFormats(policy.formats, facts) : []),
    ...(policy.ancestors ? judgeAncestors(policy.ancestors, facts) : []),
    ...(policy.metrics ?? []).flatMap((metric) => [...judgeMetric(metric, facts)]),
  ];
  return faults.map(([rule, reason, isUnread = false]) => ({ rule, reason, isUnread }));
}

type Fault = readonly [rule: string, reason: string, isUnread?: boolean];

/** Whether a node, which may answer later, did not say it. A lock asks none, and metadata that are missing are refused. */
function isUnread({ method, metadata }: VerifyReport, value: unknown): boolean {
  return value === undefined && metadata !== undefined && method !== "lock";
}

function* judgeOrigin(policy: Policy, { report }: PolicyFacts): Generator<Fault> {
  const { creator, status } = report.record;
  if (policy.creators && !policy.creators.some((account) => account.toLowerCase() === creator.toLowerCase())) {
    yield ["creators", `${creator} recorded it, and is not one of the creators allowed`];
  }
  const place = report.registry && toCaip10(report.registry);
  if (policy.registries && !policy.registries.some((name) => name.toLowerCase() === place?.toLowerCase())) {
    yield ["registries", `the record is in ${place}, which is not one of the registries allowed`];
  }
  if (policy.signature === "required" && report.signed !== true) {
    const why = report.signed === false ? "is not one of its creator" : "could not be checked";
    yield ["signature", `the signature in the metadata ${why}`, isUnread(report, report.signed)];
  }
  const isDeprecated =
    status === "deprecated" || report.recalls?.some((one) => one.isOwn && one.status === "deprecated");
  if (policy.deprecated === "refuse" && isDeprecated) yield ["deprecated", "the model is deprecated"];
}

/** A name must hold in both directions; where somebody who might say so could not be asked, that is not known. */
function* judgePublisher({ names, book }: AcceptedPublishers, report: PolicyFacts["report"]): Generator<Fault> {
  const { publisher, record, registry, metadata, method } = report;
  const own = registry === undefined ? [] : lookUp(book, record.creator, registry.chainId);
  const claims = [...own, ...(publisher?.claims ?? [])].filter(({ id }) => names.includes(id));
  if (claims.some(({ holds }) => holds === "yes")) return;
  const isOpen =
    publisher === undefined ||
    claims.some(({ holds }) => holds === "unknown") ||
    (publisher.unread !== undefined && names.some((name) => !name.startsWith("did:"))) ||
    (metadata === undefined && names.some((name) => name.startsWith("did:")));
  const said =
    publisher?.claims.map((claim) => `it ${claim.holds === "yes" ? "is " : ""}${describeClaim(claim)}`) ?? [];
  const why = said.length === 0 ? "nothing says who that is" : said.join("; ");
  const text = `${record.creator} recorded it, and is not known as one of the publishers allowed (${names.map(visibleName).join(", ")}): ${why}`;
  yield ["publishers", text, isOpen && method !== "lock"];
}

function* judgeLicense({ licenses }: Policy, license: string): Generator<Fault> {
  if (licenses === undefined) return;
  const named = license === "" ? "no licence is recorded" : `the licence ${license}`;
  if (licenses.allow && !satisfiesLicenses(license, licenses.allow)) {
    yield ["licenses.allow", `${named}${license === "" ? "" : " is not one of those allowed"}`];
  }
  const denied = findDenied(license, licenses.deny ?? []);
  if (denied === undefined) {
    yield ["licenses.deny", license === "" ? named : `${named} is no SPDX expression: it may be one of those denied`];
  } else if (denied.length > 0) yield ["licenses.deny", `${named} is denied (${denied.join(", ")})`];
  if (licenses.nonCommercial === "refuse" && allowsCommercialUse(license) !== true) {
    const why =
      allowsCommercialUse(license) === false ? "allows no commercial use" : "is not known to allow commercial use";
    yield ["licenses.nonCommercial", license === "" ? named : `${named} ${why}`];
  }
}

function* judgeTime(policy: Policy, { report, headBlock, now }: PolicyFacts): Generator<Fault> {
  const { minimumConfirmations, maximumAge } = policy;
  if (minimumConfirmations !== undefined) {
    const block = report.event?.blockNumber;
    const confirmations = block === undefined || headBlock === undefined ? undefined : headBlock - block + 1;
    if (confirmations === undefined) {
      yield ["minimumConfirmations", "the block of the record is not known", isUnread(report, confirmations)];
    } else if (confirmations < minimumConfirmations) {
      yield [
        "minimumConfirmations",
        `the record has ${confirmations} confirmations, fewer than ${minimumConfirmations}`,
      ];
    }
  }
  const age = now - report.record.mintedAt;
  if (maximumAge !== undefined && age > maximumAge) {
    yield ["maximumAge", `the record is ${Math.floor(age / 86_400)} days old, more than ${maximumAge / 86_400}`];
  }
}

function* judgeFormats(
  { allow, refuse = [] }: NonNullable<Policy["formats"]>,
  { formats, report }: PolicyFacts,
): Generator<Fault> {
  if (formats === undefined) {
    // Of what somebody states the files can be had, and looked at.
    yield ["formats", "the formats of the files are not known", readsNoFile(report)];
    return;
  }
  if (refuse.includes("pickle") && formats.unsafe.length > 0) {
    yield ["formats.refuse", `${formats.unsafe.join(", ")} may run code when loaded`];
  }
  if (refuse.includes("code") && formats.code.length > 0) {
    yield ["formats.refuse", `${formats.code.join(", ")} is code`];
  }
  const refused = formats.found.filter((format) => refuse.some((name) => name === format && name !== "pickle"));
  if (refused.length > 0) yield ["formats.refuse", `there are files of the formats ${refused.join(", ")}`];
  if (allow === undefined) return;
  const others = formats.found.filter((format) => !allow.some((name) => name === format));
  if (others.length > 0) yield ["formats.allow", `there are files of the formats ${others.join(", ")}`];
  if (!allow.includes("code") && formats.code.length > 0) {
    yield ["formats.allow", `${formats.code.join(", ")} is code`];
  }
  if (formats.unknown.length > 0) yield ["formats.allow", `${formats.unknown.join(", ")} is of no known format`];
}

function* judgeAncestors(rules: NonNullable<Policy["ancestors"]>, { ancestry, report }: PolicyFacts): Generator<Fault> {
  if (ancestry === undefined) {
    yield ["ancestors", "the ancestors are not known"];
    return;
  }
  for (const why of ancestry.unread) yield ["ancestors", `parents in other registries are not known: ${why}`, true];
  for (const link of ancestry.links) yield* judgeLink(rules, link, report.record.tokenId);
}

function* judgeLink(rules: NonNullable<Policy["ancestors"]>, link: AncestryLink, modelId: bigint): Generator<Fault> {
  const { child, parent, parentId, parentRegistry, endorsed } = link;
  const name = `the parent ${toHex32(parentId)}`;
  if (parent === undefined) {
    yield ["ancestors", `${name} is in ${parentRegistry}, which is not one of the registries asked, or not there`];
    return;
  }
  const { status, license } = parent.record;
  if (rules.status !== undefined && (status === "revoked" || (rules.status === "active" && status !== "active"))) {
    yield ["ancestors.status", `${name} is ${status}`];
  }
  const of = child.record.tokenId === modelId ? "the model" : toHex32(child.record.tokenId);
  if (rules.endorsed === "required" && endorsed !== true) {
    yield ["ancestors.endorsed", `${name} does not endorse ${of}: that it is a parent is only claimed`];
  }
  if (rules.licenses !== "not-more-permissive") return;
  const drift = compareLicenses(license, child.record.license);
  if (drift === "same" || drift === "not-more-permissive") return;
  const licences = `${child.record.license || "none"} of ${of} and ${license || "none"} of ${name}`;
  const fault = drift === "unknown" ? "cannot be compared" : "asks for less than its parent's";
  yield ["ancestors.licenses", `the licence ${licences}: ${fault}`];
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;

function* judgeMetric(rule: NonNullable<Policy["metrics"]>[number], { report }: PolicyFacts): Generator<Fault> {
  const { name, dataset, split, minimum = -Infinity, maximum = Infinity } = rule;
  const where = [name, dataset, split].filter(Boolean).join(" / ");
  const stated = (report.metadata?.provenance.metrics ?? []).filter(
    (metric) =>
      metric.name === name &&
      (dataset === undefined || metric.dataset === dataset) &&
      (split === undefined || metric.split === split),
  );
  if (stated.length === 0) yield ["metrics", `${where} is not stated`];
  for (const { value } of stated) {
    const result = typeof value === "number" ? value : NUMBER.test(value) ? Number(value) : NaN;
    if (Number.isFinite(result) && result >= minimum && result <= maximum) continue;
    yield ["metrics", `${where} is ${JSON.stringify(value)}, and must be a number from ${minimum} to ${maximum}`];
  }
}
