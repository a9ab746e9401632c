import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { BIN } from "../../../test/helpers/built-command.ts";

/** Starts a worker of a queue as a process of its own; `DEBUG_WORKERS` shows what it says. */
export function startWorkerProcess(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  stderr: "ignore" | "inherit" | "pipe" = process.env["DEBUG_WORKERS"] ? "inherit" : "ignore",
): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [BIN, "worker", ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "ignore", stderr],
  });
}

/** Ends a process by a signal, where it is still there, and waits until it is gone. */
export async function endProcess(process: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return;
  const ended = once(process, "exit");
  process.kill(signal);
  await ended;
}
