import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { promisify } from "node:util";

/** A process, told apart from a later one that got the same number. */
export interface ProcessIdentity {
  readonly host: string;
  readonly pid: number;
  /** When it was started, as the system tells it; "" where the system does not tell. */
  readonly started: string;
}

/** Who this process is. */
export async function identifySelf(): Promise<ProcessIdentity> {
  return { host: hostname(), pid: process.pid, started: (await readStart(process.pid)) ?? "" };
}

/** Tells whether a process still runs. One of another machine cannot be asked, and counts as running. */
export async function isRunning({ host, pid, started }: ProcessIdentity): Promise<boolean> {
  if (host !== hostname()) return true;
  if (!hasProcess(pid)) return false;
  const now = await readStart(pid);
  return started === "" || now === undefined || now === started;
}

/** Tells whether a process of this machine has a number. */
export function hasProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM"; // it runs, as somebody else's
  }
}

/** When a process was started; undefined where that cannot be told. */
async function readStart(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === "linux") {
      const [stat, boot] = await Promise.all([
        readFile(`/proc/${pid}/stat`, "utf8"),
        readFile("/proc/sys/kernel/random/boot_id", "utf8"),
      ]);
      // The name of the command stands in brackets and may hold anything; the start time is field 22.
      const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
      return `${boot.trim()}:${ticks}`;
    }
    if (process.platform === "win32") return undefined;
    const { stdout } = await promisify(execFile)("ps", ["-o", "lstart=", "-p", String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    return undefined;
  }
}
