import type { Registry } from "../registry/registry.ts";
import { readChainTime } from "../registry/standing.ts";
import type { Moment } from "./values.ts";

const UNITS = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** Writes a Unix time in seconds as ISO 8601 does; one beyond its range as the number. */
export function isoTime(seconds: number | bigint): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? `${seconds} (Unix time)` : date.toISOString().replace(".000Z", "Z");
}

/** Writes a duration in the largest unit that divides it: 3 days. */
export function describeSeconds(seconds: number): string {
  const [name, size] = UNITS.find(([, unit]) => seconds >= unit && seconds % unit === 0) ?? ["second", 1];
  const count = seconds / size;
  return `${count} ${name}${count === 1 ? "" : "s"}`;
}

/** A time as it was said, in seconds of Unix time. What is counted from now is counted from the newest block. */
export async function resolveMoment(registry: Registry, moment: Moment): Promise<bigint> {
  return "at" in moment ? moment.at : (await readChainTime(registry)) + moment.after;
}
