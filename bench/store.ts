import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MODEL_BYTES, createModel } from "./store/files.ts";
import { measureStores } from "./store/measure.ts";
import { allMet, toRatios, toTable } from "./store/report.ts";

// As the command sets it.
process.env["UV_THREADPOOL_SIZE"] ??= "16";

/**
 * Measures archives and the local store beside `cp` and `ipfs`, in one run, page cache warm, medians of five.
 *
 *   npm run bench:store             makes 1 GiB of files below the temporary folder (and needs room for seven times that)
 *   npm run bench:store -- --json   prints times, speeds and ratios as one JSON object
 *   npm run bench:store -- --check  fails where a goal is missed
 *
 * BENCH_FOLDER names a folder in which the model is kept for the next run.
 */
const kept = process.env["BENCH_FOLDER"];
const folder = await mkdtemp(join(kept ?? tmpdir(), "model-provenance-bench-"));
try {
  const times = await measureStores(await createModel(kept ?? folder), folder);
  const ratios = toRatios(times);
  const megabytesPerSecond = Object.fromEntries(
    Object.entries(times).map(([name, milliseconds]) => [name, MODEL_BYTES / 1e3 / milliseconds]),
  );
  const results = { times, megabytesPerSecond, ratios };
  console.log(process.argv.includes("--json") ? JSON.stringify(results, undefined, 2) : toTable(times, ratios));
  if (process.argv.includes("--check") && !allMet(ratios)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true });
}
