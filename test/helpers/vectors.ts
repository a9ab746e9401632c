import { readFileSync } from "node:fs";

/** One vector: what it shows, and its values. */
export type Vector<T> = T & { readonly description: string };

/** One change of a vector's base document, as in RFC 6902. */
export interface PatchOperation {
  readonly op: "add" | "replace" | "remove";
  readonly path: string;
  readonly value?: unknown;
}

/** Reads `test/vectors/<kind>/<name>.json`: the vectors under `vectors`. */
export function readVectors<T>(kind: "valid" | "invalid", name: string): Vector<T>[] {
  return (readVectorFile(kind, name) as { vectors: Vector<T>[] }).vectors;
}

/** Reads a whole file of vectors. */
export function readVectorFile(kind: "valid" | "invalid", name: string): unknown {
  return JSON.parse(readFileSync(new URL(`../vectors/${kind}/${name}.json`, import.meta.url), "utf8"));
}

/** Applies a JSON patch to a copy of a document. @see RFC 6902, operations add, replace and remove on objects, and appending to arrays */
export function applyPatch<T>(document: T, patch: readonly PatchOperation[]): T {
  const copy = structuredClone(document);
  for (const { op, path, value } of patch) {
    const keys = path
      .split("/")
      .slice(1)
      .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = keys.pop() as string;
    const parent = keys.reduce((node, key) => node[key] as Record<string, unknown>, copy as Record<string, unknown>);
    if (op === "remove") delete parent[last];
    else parent[Array.isArray(parent) && last === "-" ? String(parent.length) : last] = value;
  }
  return copy;
}
