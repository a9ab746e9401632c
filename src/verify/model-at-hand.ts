import { readClaim } from "../model/claim.ts";
import { type HashedModel, hashModel } from "../model/hash-model.ts";
import { digestLeaves } from "../model/hashing/digest-leaves.ts";
import { fileSource } from "../model/formats/file-source.ts";
import { type ModelFile, type ModelListing, type WalkOptions, walkModel } from "../model/walk.ts";
import type { ClaimReader } from "./evidence.ts";
import type { ModelFormats } from "./policy/judge.ts";
import { describeModelFormats } from "./policy/model-formats.ts";
import type { VerifiedModel } from "./report.ts";
import type { VerifyRequest } from "./request.ts";

/** Reads the claim that lies with a model on this machine. */
export function claimReaderOf(
  { path, kind, isRemote }: Pick<HashedModel, "path" | "kind" | "isRemote">,
  { hfCache = false }: Pick<VerifyRequest, "hfCache">,
): ClaimReader | undefined {
  return isRemote ? undefined : async () => readClaim(path, kind, { hfCache });
}

/** Hashes training data. Errors as {@link hashModel}. */
export async function hashDataset(path: string): Promise<HashedModel["resources"]> {
  return (await hashModel(path, { lfsPointers: "refuse" })).resources;
}

/**
 * Reads of which formats the files of a model on this machine are.
 *
 * @throws {ProvenanceError} as {@link walkModel}
 */
export async function readModelFormats(modelPath: string, options: WalkOptions): Promise<ModelFormats> {
  const { files } = await walkModel(modelPath, options);
  return describeModelFormats(files.map(({ name, path }) => fileSource(name, path)));
}

/** Hashes each MiB of the first bytes of a file on this machine. Errors as {@link digestLeaves}. */
export async function leavesOfFile({ path, identity }: ModelFile, size: number): Promise<Uint8Array> {
  const [leaves] = await digestLeaves([{ path, identity, size }]);
  return leaves as Uint8Array;
}

/** A model that was listed and not hashed as a whole. */
export function describeListing({ path, kind, excluded, ignorePaths }: ModelListing): VerifiedModel {
  return { path, kind, excluded, ignorePaths };
}
