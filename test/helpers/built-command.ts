import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { rm, symlink } from "node:fs/promises";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const SRC = join(ROOT, "src");

const PAGE = "dist/web";
const BUNDLE = join(ROOT, "cache/command");

// `npm test` builds first. Where a file of tests runs alone and a source is newer than what was made of it, everything
// is built here, without looking at types.
const sources = readdirSync(SRC, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
if (sources.some((name) => modifiedAt(join(SRC, name)) > modifiedAt(builtModule(name)))) {
  const compiler = join(ROOT, "node_modules/typescript/bin/tsc");
  execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--noCheck"], { cwd: ROOT, stdio: "inherit" });
}

/**
 * The command line as it is bundled: what a process of a test starts, as the Python package does. It is on its way in 0.4 s of
 * processor time, its hundreds of modules one by one in 0.7 s, and tests start it a thousand times.
 */
export const BIN = join(BUNDLE, "dist/src/cli/bin.js");
if (sources.some((name) => modifiedAt(join(SRC, name)) > modifiedAt(BIN))) {
  const { bundleCommand } = await import("../../scripts/support/python/bundle.ts");
  await bundleCommand(BUNDLE);
  // The page may be built again later, and is then the one that is served.
  await rm(join(BUNDLE, PAGE), { recursive: true, force: true });
  if (existsSync(join(ROOT, PAGE))) await symlink(join(ROOT, PAGE), join(BUNDLE, PAGE));
}

/** For processes of the command: what V8 compiled is kept, for tests load the same modules a thousand times. */
export const COMPILED = { NODE_COMPILE_CACHE: join(ROOT, "cache/compiled") };

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
