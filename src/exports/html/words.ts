import { findNetwork } from "../../registry/networks.ts";

const MONTHS = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];
const UNITS = ["bytes", "kB", "MB", "GB", "TB", "PB"];

/** A time of the chain as people write it: `2 January 2026, 01:00 UTC`. @param seconds - Unix time */
export function toDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  const clock = date.toISOString().slice(11, 16);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()] as string} ${date.getUTCFullYear()}, ${clock} UTC`;
}

/** A count with its thousands apart: `1 234 567`, with spaces that do not break. */
export function toCount(count: number): string {
  return String(count).replaceAll(/(?<=\d)(?=(\d{3})+$)/g, "\u00a0");
}

/** A size as people read it. @param bytes - as it is recorded */
export function toSize(bytes: number): string {
  let [value, unit] = [bytes, 0];
  for (; value >= 1000 && unit < UNITS.length - 1; unit++) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)}\u00a0${UNITS[unit] as string}`;
}

/** A chain by its name and number. */
export function toChain(chainId: bigint): string {
  const title = findNetwork(chainId)?.title;
  return title === undefined ? `chain ${chainId}` : `${title} (chain ${chainId})`;
}
