/** Writes a size in bytes as people read it. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let [value, unit] = [bytes, 0];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** Writes seconds as people read them: `4 s`, `2 min`. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** The first and the last digits of hex, or of the hex at the end of a name: `0x2d6b…c7e1`, `eip155:1:0x5FbD…0aa3`. */
export function shorten(hex: string): string {
  return hex.replace(/(0x[0-9a-fA-F]{4})[0-9a-fA-F]{5,}([0-9a-fA-F]{4})$/, "$1…$2");
}

/** A moment of the chain, in universal time: `2026-11-29 20:12 UTC`. @param seconds - since 1970 */
export function formatTime(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** The day of a moment of the chain, in universal time. @param seconds - since 1970 */
export function formatDay(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** A number with its digits in groups: `100,000`. */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}
