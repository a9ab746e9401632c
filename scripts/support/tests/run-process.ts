import { spawn } from "node:child_process";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../../..");

/** What a process came to. */
export interface ProcessResult {
  /** Null where a signal ended it. */
  readonly code: number | null;
  /** Both streams, as they came. */
  readonly output: string;
  readonly seconds: number;
}

/** Runs a process in the folder of the project, or in one below it. */
export async function runProcess(command: string, args: readonly string[], folder = ""): Promise<ProcessResult> {
  const begun = performance.now();
  const child = spawn(command, args, { cwd: join(ROOT, folder), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => (output += text));
  const code = await new Promise<number | null>((done, fail) => child.on("error", fail).on("close", done));
  return { code, output, seconds: (performance.now() - begun) / 1000 };
}
