import type { HashedModel } from "../model/hash-model.ts";

/** What a verifier must know of how a model was hashed: above all, what was not read. */
export function warningsOf({ warnings, pointers, cached, resources }: HashedModel): string[] {
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
  return [...unread, ...warnings];
}
