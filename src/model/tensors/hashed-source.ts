import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { type SourceFile, fileSource } from "../formats/byte-source.ts";
import { findUnsafeSerialization, isPickleName } from "../formats/unsafe-serialization.ts";
import { changed } from "../hashing/digest-sync.ts";
import type { HashedModel } from "../hash-model.ts";
import type { Resource } from "../resource.ts";

/** A file of a hashed model, which must still have the size that was hashed. Opening another one throws `MODEL_CHANGED`. */
export function hashedSource(
  model: Pick<HashedModel, "kind" | "path">,
  { name, size }: Omit<Resource, "sha256">,
): SourceFile {
  const path = model.kind === "file" ? model.path : join(model.path, name);
  return {
    name,
    open: async () => {
      // In a Hugging Face cache snapshot the name is a link that was followed when the model was hashed.
      const source = await fileSource(name, await realpath(path)).open();
      if (source.size === size) return source;
      await source.close();
      throw changed(path);
    },
  };
}

/**
 * Finds the files of a hashed model that may run code when they are loaded. Of a Git LFS pointer, and of a file that is not
 * on this machine, the name alone is known.
 *
 * @throws {ProvenanceError} as {@link findUnsafeSerialization}
 */
export async function findUnsafeFiles({
  kind,
  path,
  resources,
  pointers,
  isRemote = false,
}: Pick<HashedModel, "kind" | "path" | "pointers" | "isRemote"> & {
  readonly resources: readonly Omit<Resource, "sha256">[];
}): Promise<string[]> {
  const unseen = new Set(isRemote ? resources.map(({ name }) => name) : pointers);
  const seen = resources.filter(({ name }) => !unseen.has(name));
  const found = new Set(await findUnsafeSerialization(seen.map((resource) => hashedSource({ kind, path }, resource))));
  return resources.flatMap(({ name }) => (found.has(name) || (unseen.has(name) && isPickleName(name)) ? [name] : []));
}

const MAX_NAMED = 5;

/** Says in a sentence which files may run code when they are loaded; undefined where there are none. */
export function describeUnsafe(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return `Unsafe serialization: loading ${names.slice(0, MAX_NAMED).join(", ")}${more} may run code that lies in it.`;
}
