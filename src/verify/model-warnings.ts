import type { HashedModel } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import { type OpenHashed, describeUnsafe, findUnsafeFiles } from "../model/tensors/unsafe-files.ts";

/**
 * What a verifier must know of a model and of how it was hashed: above all, what was not read.
 *
 * @param open - opens a file of the model; undefined where none can be opened
 */
export async function warningsOf(model: HashedModel, open: OpenHashed | undefined): Promise<string[]> {
  const { warnings, pointers, cached, resources } = model;
  const unread: string[] = [];
  if (cached > 0) {
    unread.push(`${cached} of ${resources.length} files were not read: their digests were taken from the hash cache.`);
  }
  if (pointers.length > 0) {
    const named = pointers.slice(0, 3).join(", ") + (pointers.length > 3 ? ", …" : "");
    unread.push(
      `${pointers.length} of ${resources.length} files are Git LFS pointers and were compared by what these say, not by content: ${named}.`,
    );
  }
  return [...unread, ...warnings, ...(await unsafeWarnings(resources, open, pointers))];
}

/** A warning where there are files that may run code when they are loaded. */
export async function unsafeWarnings(
  files: readonly Pick<Resource, "name" | "size">[],
  open: OpenHashed | undefined,
  pointers: readonly string[] = [],
): Promise<string[]> {
  const text = describeUnsafe(await findUnsafeFiles({ resources: files, pointers }, open));
  return text === undefined ? [] : [text];
}
