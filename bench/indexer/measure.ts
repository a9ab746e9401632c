import { readFile } from "node:fs/promises";

/** Milliseconds that work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Milliseconds as people read them. */
export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}

/** The most memory that a process and those that it started had, in MiB. */
export async function peakMiB(pid: number): Promise<number> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8").catch(() => "");
  const peaks = [String(pid), ...children.split(" ").filter(Boolean)].map(async (one) => {
    const status = await readFile(`/proc/${one}/status`, "utf8").catch(() => "");
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024;
  });
  return Math.round((await Promise.all(peaks)).reduce((sum, peak) => sum + peak, 0));
}
