import { toHex32 } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import type { RecordedEvent } from "../registry/model-record.ts";
import { type FileComparison, compareResources } from "./compare-resources.ts";
import { type Finding, checked, failed, passed, warns } from "./findings.ts";
import type { Comparison, DamageFinder, DamageFound, Subject } from "./comparison.ts";
import { digestsOf } from "./statement.ts";
import type { Way } from "./ways.ts";

const OTHER_FILES: Record<"chain" | "lock", string> = {
  chain: "The files are not those that were recorded.",
  lock: "The files are not those that were approved.",
};

/** Compares the digests of all files with the record, and then their names; where they differ, file by file. */
export async function compareDigests(
  model: HashedModel,
  { judged, statement, event }: Subject,
  way: Way,
  findDamage?: DamageFinder,
): Promise<Comparison> {
  const { tokenId } = judged.record;
  const { metadata, expected } = statement;
  const other = OTHER_FILES[way === "lock" ? "lock" : "chain"];
  const counts = { filesChecked: model.resources.length, ...(expected && { filesRecorded: expected.length }) };
  if (!digestsOf(model.resources).includes(tokenId)) {
    const what =
      way === "lock"
        ? "the contents of all files are those of the lock"
        : `the files are those of token ${toHex32(tokenId)}`;
    const rows = expected === undefined ? [] : compareWithRecorded(expected, model);
    const { files, findings } = (await findDamage?.(rows, metadata)) ?? { files: rows, findings: [] };
    const ignored = warnOfIgnoredPaths(metadata, model.ignorePaths);
    return { ...counts, files, findings: [failed("differs", what, other), ...ignored, ...findings] };
  }
  const where = judged.batch === undefined ? "under this token id" : `in the batch ${judged.batch.root}`;
  const same =
    way === "lock"
      ? "the contents of all files are those of the lock"
      : `the contents of all files are recorded ${where}`;
  const names = expected === undefined ? compareWithEvent(model, event) : compareNamed(model, expected, way);
  const recorded = expected?.length ?? (names.files.length > 0 ? names.files.length : undefined);
  return {
    ...counts,
    ...(recorded !== undefined && { filesRecorded: recorded }),
    files: names.files,
    findings: [passed(same), ...names.findings],
  };
}

/** Says where other paths were ignored than in the record: that alone makes a difference. */
export function warnOfIgnoredPaths(metadata: Metadata | undefined, ignorePaths: readonly string[]): Finding[] {
  const ignored = metadata?.provenance.manifest.ignorePaths ?? [];
  if (ignored.length === 0 || ignored.join() === ignorePaths.join()) return [];
  return [
    warns(
      `The record ignores ${ignored.join(", ")}: set IGNORE_PATHS=${ignored.join(",")} to verify as it was recorded.`,
    ),
  ];
}

/** A single file is compared with the one that was recorded, whatever its name. */
function compareWithRecorded(expected: readonly Resource[], model: HashedModel): FileComparison[] {
  const [actual] = model.resources;
  const [recorded] = expected;
  if (model.kind === "file" && expected.length === 1 && actual && recorded && actual.name !== recorded.name) {
    return [{ name: recorded.name, status: "mismatch", expected: recorded, actual }];
  }
  return compareResources(expected, model.resources);
}

/** Compares all names with those of the metadata, or of what else lists them. A single file may carry another one. */
function compareNamed(model: HashedModel, expected: readonly Resource[], way: Way): DamageFound {
  const [actual] = model.resources;
  const [recorded] = expected;
  const findings: Finding[] = [];
  let files: FileComparison[];
  if (model.kind === "file" && expected.length === 1 && actual && recorded && actual.sha256 === recorded.sha256) {
    if (actual.name !== recorded.name) findings.push(warns(`The file was recorded as ${recorded.name}.`));
    files = [{ name: recorded.name, status: "ok", expected: recorded, actual }];
  } else files = compareResources(expected, model.resources);
  const equal = files.every(({ status }) => status === "ok");
  const source = way === "lock" ? "the lock" : "the metadata";
  const reason = way === "lock" ? OTHER_FILES.lock : "The contents are recorded, but not under these names.";
  return {
    files,
    findings: [...findings, checked(equal, `the names of all files are those of ${source}`, "differs", reason)],
  };
}

/** Without the metadata the names can still be compared, by the root over all of them that was emitted. */
function compareWithEvent(model: HashedModel, event: RecordedEvent | undefined): DamageFound {
  const what = "the names of all files are those that were recorded";
  const reason = "The contents are recorded, but the names could not be compared: the metadata could not be read.";
  const equal = event?.manifestRoot === model.manifestRoot;
  // A single file may carry another name, and then nobody can say which was recorded.
  if (event === undefined || (!equal && model.kind === "file")) {
    return { files: [], findings: [failed("unknown", what, reason)] };
  }
  const other = "The contents are recorded, but not under these names.";
  const finding = checked(equal, "names, sizes and contents have the manifest root that was emitted", "differs", other);
  const row = (resource: Resource): FileComparison => {
    return { name: resource.name, status: "ok", expected: resource, actual: resource };
  };
  return { files: equal ? model.resources.map(row) : [], findings: [finding] };
}
