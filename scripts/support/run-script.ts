import type { ExitCode } from "../../src/cli/exit-codes.ts";
import { reportError } from "../../src/cli/report-error.ts";

/** Runs a script's body and makes its answer, or its failure, the exit code of the process. */
export async function runScript(body: () => Promise<ExitCode>): Promise<void> {
  try {
    process.exitCode = await body();
  } catch (error) {
    process.exitCode = reportError(error, { environment: process.env });
  }
}
