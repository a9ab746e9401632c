import { execFileSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** The folder of the built page. */
export const PAGE_FOLDER = join(ROOT, "dist/web");

// `npm test` builds first. Where a file of tests runs alone and a source is newer than the page, it is built here.
const newest = Math.max(...["src", "web/src", "web/public"].flatMap(listTimes), modifiedAt("web/index.html"));
if (newest > modifiedAt("dist/web/index.html")) {
  execFileSync("npm", ["run", "--silent", "build", "-w", "web"], { cwd: ROOT, stdio: "inherit" });
}

function listTimes(folder: string): number[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map((name) =>
    modifiedAt(join(folder, name)),
  );
}

function modifiedAt(path: string): number {
  return statSync(join(ROOT, path), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
