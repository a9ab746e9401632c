import { spawn } from "node:child_process";
import { BIN, COMPILED } from "./built-command.ts";

/** What a command left behind. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line as it is built, as a process of its own, with nothing of this one's environment but PATH and HOME. */
export async function runCommand(
  args: readonly string[],
  environment: Record<string, string> = {},
  whileRunning: (interrupt: () => void) => void = () => undefined,
  started: (interrupt: () => void) => Promise<void> = async () => Promise.resolve(),
): Promise<CommandResult> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...COMPILED, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
    whileRunning(() => child.kill("SIGINT"));
  });
  const following = started(() => child.kill("SIGINT"));
  return new Promise((resolve, reject) => {
    following.catch(reject);
    child.on("error", reject);
    child.on("close", (exitCode, signal) => {
      resolve({ exitCode, signal, stdout: stdout.trim(), stderr: stderr.trim() });
    });
  });
}
