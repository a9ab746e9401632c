/** The first and last digits of an address or a digest: `0x2d6b41…c7e1`. */
export function shorten(hex: string): string {
  return `${hex.slice(0, 8)}…${hex.slice(-4)}`;
}

/** A day as everybody reads it, `2026-11-29`, by the clock of Greenwich. @param time - Unix time in seconds */
export function dateOf(time: number): string {
  const date = new Date(time * 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString().slice(0, 10);
}

/** A number with its digits in groups: `100,000`. */
export function countOf(count: number): string {
  return count.toLocaleString("en");
}
