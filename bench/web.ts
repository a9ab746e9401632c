import { measureHashing, measureMemory } from "./web/measure-hashing.ts";
import { measureRegistry } from "./web/measure-registry.ts";

/**
 * Measures the page in Chromium: how fast it hashes beside WebCrypto and hash-wasm in the same run, and how fast it filters a
 * registry of 100 000 models whose events a local stand-in for a node reports.
 *
 *   npm run bench:web               needs the built page (npm run build) and Chromium
 *   npm run bench:web -- --memory   also hashes files of 1 and of 5 GiB, and says what memory that takes
 *   npm run bench:web -- --json     prints everything as one JSON object
 *   npm run bench:web -- --check    fails where a goal is missed
 *   npm run bench:web -- --hashing  without the registry
 */
const FILTER_GOAL = 100;
const GOALS = [0.8, 0.9];
// What a browser keeps back for a while may differ; a file in memory would be 4 GiB more.
const MEMORY_GOAL = 1.5;
const has = (option: string) => process.argv.includes(option);

const hashing = (await measureHashing()).map((one, i) => ({ ...one, goal: GOALS[i] as number }));
const memory = has("--memory") ? await measureMemory() : undefined;
const registry = has("--hashing") ? undefined : await measureRegistry(100_000);
const slowest = Math.max(0, ...(registry?.filterMs ?? []).map(({ ms }) => ms));
const growth = memory === undefined ? 1 : (memory[1]?.peakBytes ?? 0) / (memory[0]?.peakBytes ?? 1);

const verdict = (isMet: boolean) => (isMet ? "met" : "missed");
if (has("--json")) {
  const filter = registry && { ...registry, slowest, goal: FILTER_GOAL };
  console.log(JSON.stringify({ hashing, memory, registry: filter }, undefined, 2));
} else {
  for (const { what, ratio, pageMs, goal } of hashing) {
    const times = `${ratio.toFixed(2)} × (${(pageMs / 1000).toFixed(1)} s)`;
    console.log(`${what}: ${times}, goal ${goal} ×: ${verdict(ratio >= goal)}`);
  }
  for (const { bytes, peakBytes } of memory ?? []) {
    console.log(`hashing ${bytes / 2 ** 30} GiB: at most ${Math.round(peakBytes / 2 ** 20)} MiB`);
  }
  if (registry !== undefined) {
    console.log(`${registry.models} models read from events: ${(registry.readMs / 1000).toFixed(1)} s`);
    for (const { what, found, ms } of registry.filterMs)
      console.log(`${what}: ${ms.toFixed(0)} ms until it is drawn (${found})`);
    console.log(`slowest ${slowest.toFixed(0)} ms, goal ${FILTER_GOAL} ms: ${verdict(slowest < FILTER_GOAL)}`);
  }
}
const isMet = hashing.every(({ ratio, goal }) => ratio >= goal) && slowest < FILTER_GOAL && growth <= MEMORY_GOAL;
if (has("--check") && !isMet) process.exitCode = 1;
