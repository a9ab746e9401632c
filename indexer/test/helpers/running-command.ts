import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { BIN } from "../../../test/helpers/built-command.ts";

/** A command that runs, and what it said so far. */
export interface RunningCommand {
  readonly process: ChildProcess;
  /** Waits until it said something like this on standard error. */
  readonly says: (text: RegExp) => Promise<void>;
  readonly said: () => string;
  readonly printed: () => string;
  /** Waits for its end. @returns its exit code; null where a signal ended it */
  readonly ended: Promise<number | null>;
}

/** Starts the command as it is built, as a process of its own; `DEBUG_WORKERS` shows what it says. */
export function startCommand(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): RunningCommand {
  const { PATH = "", HOME = "", DEBUG_WORKERS } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [printed, said] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (printed += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  if (DEBUG_WORKERS) child.stderr.pipe(process.stderr, { end: false });
  const ended = once(child, "close").then(([code]) => code as number | null);
  return {
    process: child,
    ended,
    said: () => said,
    printed: () => printed,
    says: async (text) => {
      while (!text.test(said)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`It ended, and said only: ${said}`);
        await Promise.race([once(child.stderr, "data"), ended]);
      }
    },
  };
}

/** Ends a command by a signal, where it still runs. @returns as {@link RunningCommand.ended} */
export async function endProcess({ process: child, ended }: RunningCommand, signal: NodeJS.Signals) {
  child.kill(signal);
  return ended;
}
