import { VERDICTS, type VerifyReport, toVerifyDocument } from "model-provenance-nft/core";

/** The document that the command prints with `--json` of the same report. */
export function toDocument(report: VerifyReport): string {
  return `${JSON.stringify(toVerifyDocument(report, VERDICTS[report.verdict].exitCode), null, 2)}\n`;
}
