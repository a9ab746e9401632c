import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SRC = join(ROOT, "src");

// `npm test` builds first. Where a file of tests runs alone and a source is newer than what was made of it, everything
// is built here, without looking at types.
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
if (sources.some((name) => modifiedAt(join(SRC, name)) > modifiedAt(builtModule(name)))) {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--noCheck"], { cwd: ROOT, stdio: "inherit" });
}

/** The command line as it is built: what a process of a test starts. */
export const BIN = builtModule("cli/bin.ts");

/**
 * A module of src/ as it is built.
 *
 * @param module - relative to src/, for example "model/walk.ts"
 */
export function builtModule(module: string): string {
  return join(ROOT, "dist/src", module.replace(/\.ts$/, ".js"));
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
