import type { Metadata } from "../metadata/schema.ts";
import type { HashedModel } from "../model/hash-model.ts";
import { type ResourceWithLeaves, computeModelCid } from "../model/model-cid.ts";
import type { Resource } from "../model/resource.ts";
import { parseRoot } from "./locate-damage.ts";
import type { Findings } from "./report.ts";

/**
 * Compares the CID of the files at hand, where it was computed, with the one that the metadata names: equal digests do not
 * say that what lies under that CID is this model.
 *
 * @returns false where the record names another CID
 */
export function checkCid(
  { kind, cid, resources, leafDigests }: HashedModel,
  metadata: Metadata | undefined,
  expected: readonly Resource[] | undefined,
  findings: Findings,
): boolean {
  if (cid === undefined || leafDigests === undefined || metadata === undefined) return true;
  const { model } = metadata.provenance;
  const root = parseRoot(model);
  if (root === undefined) {
    const why = model === undefined ? "the record names none" : `it cannot be built here (profile ${model.profile})`;
    findings.warnings.push(`The CID of the files was computed and could not be compared: ${why}.`);
    return true;
  }
  const withLeaves = resources.map(({ name, size }, i) => ({ name, size, leafDigests: leafDigests[i] as Uint8Array }));
  const isRecorded = cid === root.toString() || possibleRoots(kind, withLeaves, expected).includes(root.toString());
  return findings.check(`the CID of the files is the recorded one, ${root.toString()}`, isRecorded);
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
