import type { Hex } from "../base/hex.ts";

/** Reads a framework as people write it, `PyTorch 2.9.0`: what begins with a digit at its end is the version. */
export function parseFramework(text: string): { name: string; version?: string } {
  const match = /^(.*\S)\s+v?(\d\S*)$/.exec(text);
  return match === null ? { name: text } : { name: match[1] as string, version: match[2] as string };
}

/** Reads one measured result, `accuracy=0.93`; undefined for what is none. */
export function parseMetric(text: string): { name: string; value: number | string } | undefined {
  const [, name, result] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || result === undefined) return undefined;
  const number = Number(result);
  return { name: name.trim(), value: Number.isFinite(number) ? number : result.trim() };
}

/** Reads a base model outside the registry: a URI, with its modelDigest behind `#` where it is known. */
export function parseBaseModel(text: string): { uri: string; digest?: Hex } {
  const match = /^(.*)#(0x[0-9a-fA-F]{64})$/.exec(text);
  if (match === null) return { uri: text };
  return { uri: match[1] as string, digest: (match[2] as string).toLowerCase() as Hex };
}
