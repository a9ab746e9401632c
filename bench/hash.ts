import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSets } from "./hash/files.ts";
import { measureMemory, measureSets, measureStartup } from "./hash/measure.ts";
import { toRatios, toTable } from "./hash/report.ts";

/**
 * Measures hashing beside the tools that people use, in one run, page cache warm, medians of five.
 *
 *   npm run bench:hash            makes 5 GiB of files below the temporary folder, prints a table
 *   npm run bench:hash -- --json  prints times, speeds and ratios as one JSON object
 *
 * BENCH_FOLDER names a folder in which the files are kept for the next run.
 */
const kept = process.env["BENCH_FOLDER"];
const folder = kept ?? (await mkdtemp(join(tmpdir(), "model-provenance-bench-")));
try {
  const sets = await createSets(folder);
  const times = await measureSets(sets, folder);
  const results = {
    times,
    ratios: toRatios(times),
    startup: await measureStartup(folder),
    memory: await measureMemory(folder, sets),
  };
  console.log(process.argv.includes("--json") ? JSON.stringify(results, undefined, 2) : toTable(results, sets));
} finally {
  if (kept === undefined) await rm(folder, { recursive: true });
}
