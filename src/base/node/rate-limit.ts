import { type JsonRpcError, isQuota } from "./node-error.ts";

/**
 * The pause that a node asks for within an error, in milliseconds: Infura's `data.rate.backoff_seconds`, or words as
 * "retry in 10m0s". `Infinity` where no wait of ours helps; undefined where it says nothing.
 */
export function pauseOf(error: JsonRpcError): number | undefined {
  if (isQuota(error)) return Infinity;
  const backoff = (error.data as { rate?: { backoff_seconds?: unknown } } | null | undefined)?.rate?.backoff_seconds;
  if (typeof backoff === "number" && backoff >= 0) return backoff * 1000;
  const words = /(?:retry|try again|wait)[^0-9]{0,20}(\d{1,6})\s?(ms|milliseconds?|s|seconds?|m(?:\d+s)?|minutes?)\b/i;
  const [, count, unit = ""] = words.exec(String(error.message)) ?? [];
  if (count === undefined) return undefined;
  if (/^m(s|illi)/i.test(unit)) return Number(count);
  return Number(count) * (/^m/i.test(unit) ? 60_000 : 1000);
}
