import {
  type ExaminedBundle,
  type HashedModel,
  OMS_BUNDLE_MAX_BYTES,
  ProvenanceError,
  examineBundle,
  isOmsBundleContent,
} from "model-provenance-nft/core";
import type { Picked, PickedFile } from "../adapters/picked-files.ts";
import { bytesOf } from "./hash-model.ts";

/** An OMS bundle that was picked, and what was found of it, or why nothing could be. */
export interface FoundBundle {
  readonly name: string;
  readonly examined?: ExaminedBundle;
  readonly problem?: string;
}

/** Examines the bundles that lie in a folder, or were dropped beside a model, against the files that were hashed. */
export async function examineBundles({ files, beside }: Picked, hashed: HashedModel): Promise<FoundBundle[]> {
  const own = new Set(hashed.excluded.flatMap(({ name, reason }) => (reason === "OMS bundle" ? [name] : [])));
  const found = await Promise.all(
    [...files.filter(({ name }) => own.has(name)), ...beside].map(async (one) => readBundle(one, hashed)),
  );
  return found.filter((one) => one !== undefined);
}

/** Examines one file; undefined for what is no bundle. */
export async function readBundle(one: PickedFile, hashed?: HashedModel): Promise<FoundBundle | undefined> {
  const { name, file } = one;
  if (file.size > OMS_BUNDLE_MAX_BYTES) return undefined;
  const bytes = await bytesOf(one);
  if (!isOmsBundleContent(bytes)) return undefined;
  try {
    return { name, examined: await examineBundle(new TextDecoder().decode(bytes), hashed) };
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return { name, problem: error.message };
  }
}
