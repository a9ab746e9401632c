import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { BIN, COMPILED } from "../../helpers/built-command.ts";
import type { CommandResult } from "../../helpers/run-command.ts";

const PRELOAD = join(import.meta.dirname, "../preload/break-writes.js");

/** The command line as a process under way. */
export interface PublisherProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandResult>;
}

/**
 * Starts the command line as a process of its own, with `break-writes.js` loaded into it.
 *
 * @param environment - what is set beside PATH and HOME; FAULT_… variables are for the preload
 */
export function startPublisher(args: readonly string[], environment: Record<string, string>): PublisherProcess {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, ["--import", PRELOAD, BIN, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...COMPILED, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = new Promise<CommandResult>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
  return { child, ended };
}
