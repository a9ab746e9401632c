// Loaded with `node --import` into a process that publishes. It counts what changes a disk for good (files and folders
// made, written, synced, moved, removed), and at one of these steps it kills the process, or from it on the disk is full.
//   FAULT_KILL_AT=n   SIGKILL instead of step n
//   FAULT_FULL_AT=n   ENOSPC for every write from step n on
//   FAULT_COUNT=path  where to write the number of steps when the process ends by itself
//   FAULT_TRACE=path  where to write what each step was then, a line for each: its name and the path it leads to, if any
import { writeFileSync } from "node:fs";
import promises from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const killAt = Number(process.env["FAULT_KILL_AT"] ?? 0);
const fullAt = Number(process.env["FAULT_FULL_AT"] ?? Infinity);
const trace = [];
let steps = 0;

function step(needsRoom, what) {
  steps++;
  trace.push(what);
  if (steps === killAt) process.kill(process.pid, "SIGKILL");
  if (needsRoom && steps >= fullAt) {
    throw Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", errno: -28 });
  }
}

function watch(owner, name, needsRoom, applies = () => true) {
  const original = owner[name];
  owner[name] = async function (...args) {
    if (applies(args)) step(needsRoom, `${name} ${typeof args[1] === "string" ? args[1] : ""}`);
    return original.apply(this, args);
  };
}

if (isMainThread) {
  const probe = await promises.open(process.execPath, "r");
  const FileHandle = Object.getPrototypeOf(probe);
  await probe.close();

  for (const name of ["writeFile", "write", "sync", "datasync"]) watch(FileHandle, name, true);
  for (const name of ["writeFile", "mkdir"]) watch(promises, name, true);
  for (const name of ["rename", "link", "rm", "unlink", "truncate"]) watch(promises, name, false);
  watch(promises, "open", true, ([, flags]) => typeof flags === "string" && flags !== "r");
  syncBuiltinESMExports();

  process.on("exit", () => {
    if (process.env["FAULT_COUNT"]) writeFileSync(process.env["FAULT_COUNT"], String(steps));
    if (process.env["FAULT_TRACE"]) writeFileSync(process.env["FAULT_TRACE"], trace.join("\n"));
  });
}
