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
