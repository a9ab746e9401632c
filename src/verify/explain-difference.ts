import { toHex32 } from "../base/hex.ts";
import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { walkModel } from "../model/walk.ts";
import { readStatement } from "./check-record.ts";
import { type FileComparison, compareResources } from "./compare-resources.ts";
import { locateDamage, openRecordedLeaves } from "./locate-damage.ts";
import type { LocatedRecord } from "./find-anchored.ts";
import { Findings, type VerifyReport, type VerifyRequest, placeOf } from "./report.ts";

/** Another digest than the token's: says which files differ and where, as far as what was recorded is known. */
export async function explainDifference(
  request: VerifyRequest,
  model: HashedModel,
  { registry, record, batch }: LocatedRecord,
): Promise<VerifyReport> {
  const findings = new Findings();
  findings.check(`the files are those of token ${toHex32(record.tokenId)}`, false);
  const { metadata, expected } = await readStatement(request, record, findings);
  const rows = expected === undefined ? [] : compareWithRecorded(expected, model);
  warnOfIgnoredPaths(metadata, model.ignorePaths, findings);
  const files = await locate(
    request,
    model,
    rows,
    openRecordedLeaves(metadata?.provenance.model, request.store),
    findings,
  );
  return {
    verdict: "mismatch",
    reason: "The files are not those that were recorded.",
    method: "digests",
    filesChecked: model.resources.length,
    ...(expected && { filesRecorded: expected.length }),
    model,
    registry: placeOf(registry),
    record,
    ...(batch && { batch }),
    ...(metadata && { metadata }),
    files,
    ...findings.lists(),
    sameWeights: [],
  };
}

/** Says where other paths were ignored than in the record: that alone makes a difference. */
export function warnOfIgnoredPaths(
  metadata: Metadata | undefined,
  ignorePaths: readonly string[],
  findings: Findings,
): void {
  const ignored = metadata?.provenance.manifest.ignorePaths ?? [];
  if (ignored.length > 0 && ignored.join() !== ignorePaths.join()) {
    findings.warnings.push(
      `The record ignores ${ignored.join(", ")}: set IGNORE_PATHS=${ignored.join(",")} to verify as it was recorded.`,
    );
  }
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

async function locate(
  request: VerifyRequest,
  model: HashedModel,
  rows: FileComparison[],
  readLeaves: ReturnType<typeof openRecordedLeaves>,
  findings: Findings,
): Promise<FileComparison[]> {
  if (request.hashed !== undefined || !rows.some(({ status }) => status === "mismatch")) return rows;
  const { files } = await walkModel(request.modelPath, {
    ignorePaths: model.ignorePaths,
    hfCache: request.hfCache ?? false,
  });
  return locateDamage(rows, files, readLeaves, findings);
}
