import { type Publisher, describeClaim } from "../../registry/publishers/publisher.ts";
import type { VerifyReport } from "../../verify/report.ts";
import { printable } from "../terminal.ts";
import { VERDICTS } from "../../verify/conclude.ts";

interface TestCase {
  readonly group: string;
  readonly name: string;
  readonly failure?: string;
  readonly skipped?: string;
}

/** Writes a report as JUnit XML: a case for each file, for each check, and for the verdict. */
export function toJunit(report: VerifyReport): string {
  const { verdict, reason, files, checks, notChecked, warnings, record, publisher } = report;
  const cases: TestCase[] = [
    ...files.map(({ name, status }) => ({ group: "file", name, ...(status !== "ok" && { failure: status }) })),
    ...checks.map(({ what, passed }) => ({ group: "check", name: what, ...(!passed && { failure: "does not hold" }) })),
    ...notChecked.map(({ what, why }) => ({ group: "check", name: what, skipped: why })),
    {
      group: "verdict",
      name: "verdict",
      ...(verdict !== "verified" && { failure: `${VERDICTS[verdict].headline}: ${reason}` }),
    },
  ];
  const failures = cases.filter(({ failure }) => failure !== undefined).length;
  const skipped = cases.filter((testCase) => testCase.skipped !== undefined).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="${skipped}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="model-provenance" ${counts}>`,
    `  <testsuite name="model-provenance verify" ${counts}>`,
    ...(record === undefined ? [] : toProperties(record.creator, publisher)),
    ...cases.map(toElement),
    ...(warnings.length > 0 ? [`    <system-err>${escape(warnings.join("; "))}</system-err>`] : []),
    "  </testsuite>",
    "</testsuites>",
  ].join("\n");
}

/** Who recorded the model, and what is said of who that is. */
function toProperties(creator: string, publisher: Publisher | undefined): string[] {
  const claims = (publisher?.claims ?? []).map((claim) => ["publisher", describeClaim(claim)] as const);
  const list = [["creator", creator] as const, ...claims];
  const lines = list.map(([name, value]) => `      <property name="${name}" value="${escape(value)}"/>`);
  return ["    <properties>", ...lines, "    </properties>"];
}

function toElement({ group, name, failure, skipped }: TestCase): string {
  const start = `    <testcase classname="${group}" name="${escape(name)}"`;
  if (failure !== undefined) return `${start}><failure message="${escape(failure)}"/></testcase>`;
  return skipped === undefined ? `${start}/>` : `${start}><skipped message="${escape(skipped)}"/></testcase>`;
}

/** Control characters cannot stand in XML at all, escaped or not. */
function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return printable(text).replaceAll(/[&<>"'\uFFFE\uFFFF]/g, (character) => entities[character] ?? "?");
}
