import type { RecordedEvent } from "../registry/model-record.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { type FileComparison, compareResources } from "./compare-resources.ts";
import type { Findings } from "./report.ts";

/** Whether names fit as well, for files whose contents do. */
export interface NameComparison {
  readonly verdict: "verified" | "mismatch" | "unchecked";
  readonly files: readonly FileComparison[];
}

/** Compares all names with those of the metadata, or of what else lists them. */
export function compareNamed(
  model: HashedModel,
  expected: readonly Resource[],
  findings: Findings,
  source = "the metadata",
): NameComparison {
  const files = compareFiles(model, expected, findings);
  const equal = files.every(({ status }) => status === "ok");
  findings.check(`the names of all files are those of ${source}`, equal);
  return { verdict: equal ? "verified" : "mismatch", files };
}

function compareFiles(model: HashedModel, expected: readonly Resource[], findings: Findings): FileComparison[] {
  const [actual] = model.resources;
  const [recorded] = expected;
  if (model.kind === "file" && expected.length === 1 && actual && recorded && actual.sha256 === recorded.sha256) {
    if (actual.name !== recorded.name) findings.warnings.push(`The file was recorded as ${recorded.name}.`);
    return [{ name: recorded.name, status: "ok", expected: recorded, actual }];
  }
  return compareResources(expected, model.resources);
}

/** Without the metadata the names can still be compared, by the root over all of them that was emitted. */
export function compareWithEvent(
  model: HashedModel,
  event: RecordedEvent | undefined,
  findings: Findings,
): NameComparison {
  if (event === undefined) return { verdict: "unchecked", files: [] };
  const equal = event.manifestRoot === model.manifestRoot;
  // A single file may carry another name, and then nobody can say which was recorded.
  if (!equal && model.kind === "file") return { verdict: "unchecked", files: [] };
  findings.check("names, sizes and contents have the manifest root that was emitted", equal);
  if (!equal) return { verdict: "mismatch", files: [] };
  const files = model.resources.map((resource): FileComparison => {
    return { name: resource.name, status: "ok", expected: resource, actual: resource };
  });
  return { verdict: "verified", files };
}
