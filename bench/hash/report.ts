import { availableParallelism } from "node:os";
import type { FileSet } from "./files.ts";
import { type Cost, type Times, processor } from "./measure.ts";

/** A ratio of speeds, and what we set ourselves. */
export interface Ratio {
  readonly what: string;
  readonly value: number;
  readonly goal: number;
}

/** The ratios with goals: how often as fast as the peer, in the same run. */
export function toRatios({ one, eight, small }: Times): Ratio[] {
  const ratio = (set: Record<string, number>, ours: string, peer: string) =>
    (set[peer] as number) / (set[ours] as number);
  return [
    { what: "eight files, flat, against one-core openssl", value: ratio(eight, "ours", "openssl"), goal: 1.8 },
    { what: "one file, flat, against openssl", value: ratio(one, "ours", "openssl"), goal: 1 },
    { what: "one file, digest and CID, against openssl", value: ratio(one, "oursWithCid", "openssl"), goal: 0.85 },
    { what: "eight files, digest and CID, against openssl", value: ratio(eight, "oursWithCid", "openssl"), goal: 1 },
    { what: "20 000 small files, flat, against sha256sum", value: ratio(small, "ours", "sha256sum"), goal: 1.1 },
  ];
}

/** What a run found, for people. */
export function toTable(
  results: {
    times: Times;
    ratios: readonly Ratio[];
    startup: number;
    memory: Record<string, Cost>;
  },
  sets: readonly FileSet[],
): string {
  const lines = [`${processor()}, ${availableParallelism()} cores, Node ${process.version}; medians of five, warm`, ""];
  for (const { name, files } of sets) {
    const mebibytes = files.reduce((sum, { size }) => sum + size, 0) / 2 ** 20;
    lines.push(`${name}: ${files.length} files, ${Math.round(mebibytes)} MiB`);
    for (const [tool, milliseconds] of Object.entries(results.times[name])) {
      const speed = Math.round(mebibytes / (milliseconds / 1000));
      lines.push(`  ${tool.padEnd(14)} ${milliseconds.toFixed(0).padStart(7)} ms ${String(speed).padStart(6)} MiB/s`);
    }
  }
  lines.push("");
  for (const { what, value, goal } of results.ratios) {
    lines.push(`${value >= goal ? "met   " : "MISSED"} ${value.toFixed(2)} × (goal ${goal}) ${what}`);
  }
  lines.push("", `start-up of hash on a tiny model: ${results.startup.toFixed(0)} ms (goal 250)`);
  lines.push("", "in a process of its own:");
  for (const [what, { milliseconds, peakMebibytes }] of Object.entries(results.memory)) {
    lines.push(
      `  ${what.padEnd(28)} ${milliseconds.toFixed(0).padStart(7)} ms ${peakMebibytes.toFixed(0).padStart(6)} MiB at most`,
    );
  }
  return lines.join("\n");
}
