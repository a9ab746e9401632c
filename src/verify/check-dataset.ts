import { ZERO_DIGEST } from "../base/hex.ts";
import { hashModel } from "../model/hash-model.ts";
import { digestsOf } from "./check-record.ts";
import type { Findings, RecordedModel, VerifyReport } from "./report.ts";

/**
 * Compares training data with what was recorded of it.
 *
 * @param datasetPath - a file or a folder; undefined where none is at hand, which is written down
 * @returns the verdict where it is not the recorded data
 * @throws {ProvenanceError} as {@link hashModel}
 */
export async function checkDataset(
  datasetPath: string | undefined,
  { datasetDigest }: RecordedModel,
  findings: Findings,
): Promise<Pick<VerifyReport, "verdict" | "reason"> | undefined> {
  const isRecorded = datasetDigest !== ZERO_DIGEST;
  if (datasetPath === undefined) {
    findings.skip(
      "the training data",
      isRecorded ? "DATASET_PATH names none to compare" : "the record does not disclose it",
    );
    return undefined;
  }
  const { resources } = await hashModel(datasetPath, { lfsPointers: "refuse" });
  if (!isRecorded) {
    findings.check("the record discloses its training data", false);
    return {
      verdict: "unacceptable",
      reason: "The record does not disclose its training data: there is nothing to compare.",
    };
  }
  const isSame = digestsOf(resources).includes(BigInt(datasetDigest));
  if (findings.check("the training data is the recorded one", isSame)) return undefined;
  return { verdict: "mismatch", reason: "The training data is not the one that was recorded." };
}
