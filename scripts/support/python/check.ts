// npm run check:python: types, rules and form of the Python package. Skipped, with the reason, where the tools are not here.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findPython } from "./find-python.ts";

const PACKAGE = join(import.meta.dirname, "../../../python");
const FILES = ["--config", "pyproject.toml", ".", "../examples/python", "../bench"];
const CHECKS = [["mypy"], ["ruff", "check", ...FILES], ["ruff", "format", "--check", ...FILES]];

const python = await findPython("mypy, ruff").catch((error: Error) => error);
if (python instanceof Error) console.log(`skipped: ${python.message}`);
else {
  for (const words of CHECKS) {
    const { status } = spawnSync(python, ["-m", ...words], { cwd: PACKAGE, stdio: "inherit" });
    if (status !== 0) process.exitCode = 1;
  }
}
