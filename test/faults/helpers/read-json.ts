import { readFileSync } from "node:fs";

/** Reads a file of test/faults/data. */
export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../data/${name}`, import.meta.url), "utf8")) as T;
}
