import { CID } from "multiformats/cid";
import { UNIXFS_PROFILE } from "../content/unixfs/unixfs-file.ts";
import type { Provenance } from "../metadata/schema.ts";
import { type ResourceWithLeaves, computeModelCid } from "../model/model-cid.ts";
import type { Resource } from "../model/resource.ts";

/** Where the content of a model lies, as the metadata says; undefined where they do not. */
export type RecordedContent = Provenance["model"];

/** The root of a recorded model, undefined where none was recorded, or one of another profile. */
export function parseRoot(model: RecordedContent): CID | undefined {
  if (model?.profile !== UNIXFS_PROFILE) return undefined;
  try {
    return CID.parse(model.cid);
  } catch {
    return undefined;
  }
}

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
