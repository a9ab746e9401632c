// Loaded with `node --import` into a process that publishes. It counts what changes a disk for good, and at one of these
// steps it kills the process, or from it on the disk is full.
//   FAULT_KILL_AT=n   SIGKILL instead of step n
//   FAULT_FULL_AT=n   ENOSPC for every write from step n on
//   FAULT_COUNT=path  where to write the number of steps when the process ends by itself
//   FAULT_TRACE=path  where to write what each step was then, a line for each: its name and the path it leads to, if any
import { writeFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
import { watchEffects } from "./effects.ts";

const killAt = Number(process.env["FAULT_KILL_AT"] ?? 0);
const fullAt = Number(process.env["FAULT_FULL_AT"] ?? Infinity);
const trace = [];

function step(needsRoom, what) {
  trace.push(what);
  if (trace.length === killAt) process.kill(process.pid, "SIGKILL");
  if (needsRoom && trace.length >= fullAt) {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", errno: -28 });
  }
}

if (isMainThread) {
  await watchEffects(step);
  process.on("exit", () => {
    if (process.env["FAULT_COUNT"]) writeFileSync(process.env["FAULT_COUNT"], String(trace.length));
    if (process.env["FAULT_TRACE"]) writeFileSync(process.env["FAULT_TRACE"], trace.join("\n"));
  });
}
