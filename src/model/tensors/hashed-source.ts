import { realpath } from "node:fs/promises";
import { join } from "node:path";
import type { SourceFile } from "../formats/byte-source.ts";
import { fileSource } from "../formats/file-source.ts";
import { changed } from "../hashing/digest-sync.ts";
import type { HashedModel } from "../hash-model.ts";
import type { Resource } from "../resource.ts";
import type { OpenHashed } from "./unsafe-files.ts";

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
      const real = await realpath(path).catch(() => {
        throw changed(path);
      });
      const source = await fileSource(name, real).open();
      if (source.size === size) return source;
      await source.close();
      throw changed(path);
    },
  };
}

/** Opens the files of a hashed model; undefined where they are not on this machine. */
export function openerOf(model: Pick<HashedModel, "kind" | "path" | "isRemote">): OpenHashed | undefined {
  return model.isRemote ? undefined : (resource) => hashedSource(model, resource);
}
