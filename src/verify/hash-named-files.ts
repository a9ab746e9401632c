import { digestFiles } from "../model/hashing/digest-files.ts";
import type { FileDigest } from "../model/hashing/digest-sync.ts";
import type { HashModelOptions } from "../model/hash-model.ts";
import type { Resource } from "../model/resource.ts";
import type { ModelFile, ModelListing } from "../model/walk.ts";

/**
 * Hashes some files of a model and no others. Where the model is a single file, it stands for the one name asked for.
 *
 * @returns the resources found, by the names asked for
 * @throws {ProvenanceError} as {@link digestFiles}
 */
export async function hashNamedFiles(
  { kind, files }: ModelListing,
  names: readonly string[],
  { onTotal, onBytes }: Pick<HashModelOptions, "onTotal" | "onBytes"> = {},
): Promise<Map<string, Resource>> {
  const byName = new Map(files.map((file) => [file.name, file]));
  if (kind === "file" && names.length === 1) byName.set(names[0] as string, files[0] as ModelFile);
  const found = names.flatMap((name) => {
    const file = byName.get(name);
    return file === undefined ? [] : [{ name, file }];
  });
  onTotal?.(found.reduce((sum, { file }) => sum + file.size, 0));
  const digests = await digestFiles(
    found.map(({ file }) => file),
    onBytes && { onBytes },
  );
  return new Map(
    found.map(({ name, file }, i) => {
      const { size, sha256 } = digests[i] as FileDigest;
      return [name, { name: file.name, size, sha256 }];
    }),
  );
}
