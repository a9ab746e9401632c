import { type ResourceWithLeaves, computeModelCid } from "../model/model-cid.ts";
import type { Resource } from "../model/resource.ts";

/**
 * The CIDs under which files may be recorded: the record does not say whether a model of one file was recorded as a file or
 * as the folder that holds it.
 */
export function possibleRoots(
  kind: "file" | "folder",
  resources: readonly ResourceWithLeaves[],
  expected: readonly Resource[] = [],
): string[] {
  const [only, ...others] = resources;
  if (only === undefined || others.length > 0) return [computeModelCid(kind, resources)];
  const named = kind === "file" ? { ...only, name: expected[0]?.name ?? only.name } : only;
  return [computeModelCid("file", [named]), computeModelCid("folder", [named])];
}
