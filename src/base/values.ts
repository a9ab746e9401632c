const ETHER_DECIMALS = 18;
const GWEI_DECIMALS = 9;

/** Reads an amount of ether as wei; undefined when it is no decimal number of at most 18 places. */
export function parseEther(text: string): bigint | undefined {
  return parseDecimal(text, ETHER_DECIMALS);
}

/** Reads an amount of gwei as wei; undefined when it is no decimal number of at most 9 places. */
export function parseGwei(text: string): bigint | undefined {
  return parseDecimal(text, GWEI_DECIMALS);
}

/** A time: Unix time in seconds, or so many seconds from when it is needed. */
export type Moment = { readonly at: bigint } | { readonly after: bigint };

const UNIT_SECONDS: Readonly<Record<string, bigint>> = { m: 60n, h: 3600n, d: 86_400n, w: 604_800n };

/** Reads 2027-01-31, 2027-01-31T12:00Z (with seconds or without), 30m, 12h, 30d, 4w or a Unix time; undefined for anything else. */
export function parseMoment(text: string): Moment | undefined {
  if (/^\d{1,12}$/.test(text)) return { at: BigInt(text) };
  const [, count, unit] = /^([1-9]\d{0,6})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) return { after: BigInt(count) * (UNIT_SECONDS[unit as string] as bigint) };
  const [, date, time = "T00:00", seconds = ":00"] = /^(\d{4}-\d\d-\d\d)(?:(T\d\d:\d\d)(:\d\d)?Z)?$/.exec(text) ?? [];
  const milliseconds = Date.parse(`${date}${time}${seconds}Z`);
  // Some engines take the 30th of February for the 2nd of March.
  if (date === undefined || Number.isNaN(milliseconds)) return undefined;
  return new Date(milliseconds).toISOString().startsWith(date) ? { at: BigInt(milliseconds / 1000) } : undefined;
}

/** Reads how long a licence lasts as seconds: 30d, 12h, 4w; undefined for anything else, and for more than the market holds. */
export function parseDuration(text: string): bigint | undefined {
  const moment = parseMoment(text);
  return moment !== undefined && "after" in moment && moment.after < 2n ** 40n ? moment.after : undefined;
}

/** Reads how many licences are sold at most: from 1 to 999 999 999; undefined for anything else. */
export function parseLimit(text: string): bigint | undefined {
  return /^[1-9]\d{0,8}$/.test(text) ? BigInt(text) : undefined;
}

/** Reads a price: an amount of ether as wei, or a token's smallest units; undefined for anything else, and for more than the market holds. */
export function parsePrice(text: string, isEther: boolean): bigint | undefined {
  const price = isEther ? parseEther(text) : /^\d{1,39}$/.test(text) ? BigInt(text) : undefined;
  return price !== undefined && price < 2n ** 128n ? price : undefined;
}

function parseDecimal(text: string, decimals: number): bigint | undefined {
  const match = /^(\d{1,30})(?:\.(\d+))?$/.exec(text);
  if (match === null || (match[2]?.length ?? 0) > decimals) return undefined;
  return BigInt((match[1] as string) + (match[2] ?? "").padEnd(decimals, "0"));
}
