import { type Resource, compareNames } from "../model/resource.ts";
import type { Damage } from "./damage.ts";

/** What became of one file. */
export type FileStatus = "ok" | "mismatch" | "missing" | "extra" | "renamed";

/** A file at hand; its SHA-256 is absent where only its leaves were hashed. */
export type FoundFile = Omit<Resource, "sha256"> & Partial<Pick<Resource, "sha256">>;

/** One row of a comparison: what was recorded against what is there, and where it differs as far as that is known. */
export interface FileComparison extends Damage {
  readonly name: string;
  readonly status: FileStatus;
  readonly expected?: Resource;
  readonly actual?: FoundFile;
}

/**
 * Compares recorded resources with those at hand, in name order. A missing and an extra file of the
 * same content are one renamed file.
 */
export function compareResources(expected: readonly Resource[], actual: readonly Resource[]): FileComparison[] {
  const actualByName = new Map(actual.map((resource) => [resource.name, resource]));
  const expectedNames = new Set(expected.map(({ name }) => name));
  const unclaimed = actual.filter(({ name }) => !expectedNames.has(name));
  const rows = expected.map((resource): FileComparison => {
    const { name } = resource;
    const found = actualByName.get(name);
    if (found !== undefined) {
      const equal = found.sha256 === resource.sha256 && found.size === resource.size;
      return { name, status: equal ? "ok" : "mismatch", expected: resource, actual: found };
    }
    const twin = unclaimed.findIndex(({ sha256 }) => sha256 === resource.sha256);
    if (twin === -1) return { name, status: "missing", expected: resource };
    const [renamed] = unclaimed.splice(twin, 1) as [Resource];
    return { name, status: "renamed", expected: resource, actual: renamed };
  });
  const extra = unclaimed.map((resource): FileComparison => ({
    name: resource.name,
    status: "extra",
    actual: resource,
  }));
  return [...rows, ...extra].sort((a, b) => compareNames(a.name, b.name));
}
