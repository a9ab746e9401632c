import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** How a run of the command line went. */
export interface MeasuredRun {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly seconds: number;
  /** Processor time that it took, all its threads together. */
  readonly processorSeconds: number;
  /** Most memory that was resident at once. */
  readonly peakMiB: number;
  readonly stdout: string;
  readonly stderr: string;
}

const BIN = join(import.meta.dirname, "../../dist/src/cli/bin.js");
const SAMPLE_MILLISECONDS = 250;

/**
 * Runs the command line as a process of its own and follows its memory, by what the system says was its peak.
 *
 * @param onStart - called with a function that ends it at once, as kill -9 does
 */
export async function runMeasured(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  onStart: (kill: () => void) => void = () => undefined,
): Promise<MeasuredRun> {
  const { PATH = "", HOME = "" } = process.env;
  const start = performance.now();
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, HOME, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onStart(() => child.kill("SIGKILL"));
  let [stdout, stderr, peak, processor] = ["", "", 0, 0];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const sample = setInterval(() => {
    void readPeak(child.pid as number).then((kib) => (peak = Math.max(peak, kib)));
    void readProcessorTime(child.pid as number).then((time) => (processor = Math.max(processor, time)));
  }, SAMPLE_MILLISECONDS);
  const [exitCode, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, by) => resolve([code, by]));
  });
  clearInterval(sample);
  const seconds = (performance.now() - start) / 1000;
  return {
    exitCode,
    signal,
    seconds,
    processorSeconds: processor,
    peakMiB: Math.round(peak / 1024),
    stdout,
    stderr,
  };
}

const TICKS_A_SECOND = 100;

/** Processor time of a process in seconds, user and system; 0 where the system does not tell. */
export async function readProcessorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(")") + 2)
    .split(" ")
    .slice(11, 13)
    .map(Number);
  return (user + system) / TICKS_A_SECOND;
}

/** The high-water mark of a process in KiB; 0 where the system does not tell. */
async function readPeak(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
}
