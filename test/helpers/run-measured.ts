import { spawn } from "node:child_process";
import { once } from "node:events";
import { builtModule } from "./built-command.ts";

/**
 * Runs the command line as a process of its own and measures the most memory that it held, in MiB. The kernel counts for
 * that process alone; what Node reports includes its parent's memory.
 */
export async function runMeasured(
  args: readonly string[],
  environment: Record<string, string>,
): Promise<{ exitCode: number | null; stdout: string; stderr: string; peakMebibytes: number }> {
  const script = `
    const { main } = await import(${JSON.stringify(builtModule("cli/main.ts"))});
    process.exitCode = await main(process.argv.slice(1), process.env);
    const { readFileSync } = await import("node:fs");
    process.stderr.write(readFileSync("/proc/self/status", "utf8"));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, "--", ...args], {
    env: { PATH: process.env["PATH"], ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, "close")) as [number | null];
  return { exitCode, stdout, stderr, peakMebibytes: Number(/VmHWM:\s*(\d+) kB/.exec(stderr)?.[1]) / 1024 };
}
