import { spawn } from "node:child_process";
import { join } from "node:path";

/** What a script left behind. */
export interface ScriptResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const ROOT = join(import.meta.dirname, "../..");

/**
 * Runs `hardhat run scripts/<verb>.ts` as a process of its own, as a user would.
 *
 * @param environment - what is set beside PATH and HOME; nothing else of this process is passed on
 */
export async function runScript(
  verb: string,
  network: string | undefined,
  environment: Record<string, string>,
): Promise<ScriptResult> {
  const args = ["run", "--no-compile", join("scripts", `${verb}.ts`)];
  if (network !== undefined) args.push("--network", network);
  return runHardhat(args, environment);
}

/** Runs Hardhat as a process of its own, as {@link runScript} does. */
export async function runHardhat(args: readonly string[], environment: Record<string, string>): Promise<ScriptResult> {
  const { PATH = "", HOME = "" } = process.env;
  const child = spawn(join(ROOT, "node_modules/.bin/hardhat"), args, {
    cwd: ROOT,
    env: { PATH, HOME, HARDHAT_DISABLE_TELEMETRY_PROMPT: "true", NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  return { exitCode, stdout: stdout.trim(), stderr: stderr.trim() };
}
