import { styleText } from "node:util";
import { ProvenanceError } from "../base/errors.ts";
import { EXIT, type ExitCode, exitCodeOfError } from "./exit-codes.ts";
import { printable } from "./terminal.ts";

/**
 * Says in one line what went wrong and answers with the exit code for it. A failure that we did not
 * foresee is shown with its stack where DEBUG is set.
 */
export function reportError(error: unknown, environment: Readonly<Record<string, string | undefined>>): ExitCode {
  const label = styleText("red", error instanceof ProvenanceError ? `error[${error.code}]:` : "error:");
  process.stderr.write(`${label} ${printable((error as Error).message ?? String(error))}\n`);
  if (environment["DEBUG"]) console.error(error);
  if (error instanceof ProvenanceError) return exitCodeOfError(error.code);
  return isConfigurationError(error) ? EXIT.usage : EXIT.unchecked;
}

// Hardhat's own errors: a missing variable, an unknown network, a wrong chain id.
function isConfigurationError(error: unknown): boolean {
  return /\bHHE(7|28|705|708)\b/.test((error as Error).message ?? "");
}
