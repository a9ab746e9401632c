import type { SourceFile } from "../formats/byte-source.ts";
import { findUnsafeSerialization, isPickleName } from "../formats/unsafe-serialization.ts";
import type { HashedModel } from "../hash-model.ts";
import type { Resource } from "../resource.ts";

/** Opens a file of a hashed model; absent where nothing of it can be opened. */
export type OpenHashed = (resource: Omit<Resource, "sha256">) => SourceFile;

/**
 * Finds the files of a hashed model that may run code when they are loaded. Of a Git LFS pointer, and of a file that cannot be
 * opened, the name alone is known.
 *
 * @throws {ProvenanceError} as {@link findUnsafeSerialization}
 */
export async function findUnsafeFiles(
  { resources, pointers }: Pick<HashedModel, "pointers"> & { readonly resources: readonly Omit<Resource, "sha256">[] },
  open: OpenHashed | undefined,
): Promise<string[]> {
  const unseen = new Set(open === undefined ? resources.map(({ name }) => name) : pointers);
  const seen = open === undefined ? [] : resources.filter(({ name }) => !unseen.has(name)).map(open);
  const found = new Set(await findUnsafeSerialization(seen));
  return resources.flatMap(({ name }) => (found.has(name) || (unseen.has(name) && isPickleName(name)) ? [name] : []));
}

const MAX_NAMED = 5;

/** Says in a sentence which files may run code when they are loaded; undefined where there are none. */
export function describeUnsafe(names: readonly string[]): string | undefined {
  if (names.length === 0) return undefined;
  const more = names.length > MAX_NAMED ? ` and ${names.length - MAX_NAMED} more` : "";
  return `Unsafe serialization: loading ${names.slice(0, MAX_NAMED).join(", ")}${more} may run code that lies in it.`;
}
