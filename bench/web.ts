import { measureRegistry } from "./web/measure-registry.ts";

/**
 * Measures the page's registry in Chromium: 100 000 models whose events a local stand-in for a node reports.
 *
 *   npm run bench:web             needs the built page (npm run build) and Chromium
 *   npm run bench:web -- --json   prints the times as one JSON object
 *   npm run bench:web -- --check  fails where a goal is missed
 */
const GOAL = 100;

const { models, readMs, filterMs } = await measureRegistry(100_000);
const slowest = Math.max(...filterMs.map(({ ms }) => ms));
if (process.argv.includes("--json")) {
  console.log(JSON.stringify({ models, readMs, filterMs, slowest, goal: GOAL }, undefined, 2));
} else {
  console.log(`${models} models read from events: ${(readMs / 1000).toFixed(1)} s`);
  for (const { what, found, ms } of filterMs) console.log(`${what}: ${ms.toFixed(0)} ms until it is drawn (${found})`);
  console.log(`slowest ${slowest.toFixed(0)} ms, goal ${GOAL} ms: ${slowest < GOAL ? "met" : "missed"}`);
}
if (process.argv.includes("--check") && slowest >= GOAL) process.exitCode = 1;
