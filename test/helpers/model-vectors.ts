import { readFileSync, readdirSync } from "node:fs";
import { ProvenanceError } from "../../src/base/errors.ts";
import type { ByteSource, SourceFile } from "../../src/model/formats/byte-source.ts";

/** A model in a vector: files by name. */
export type ModelFiles = Readonly<Record<string, Buffer>>;

/** A vector of a folder, with the name of its file. */
export type ModelVector<T> = T & { readonly name: string; readonly description: string; readonly files: ModelFiles };

/** Reads every vector in `test/vectors/<kind>/<folder>/`; the files of its model are base64. */
export function readModelVectors<T>(kind: "valid" | "invalid", folder: string): ModelVector<T>[] {
  const url = new URL(`../vectors/${kind}/${folder}/`, import.meta.url);
  return readdirSync(url)
    .sort()
    .map((file) => {
      const vector = JSON.parse(readFileSync(new URL(file, url), "utf8")) as { files: Record<string, string> };
      const files = Object.entries(vector.files).map(
        ([name, base64]) => [name, Buffer.from(base64, "base64")] as const,
      );
      return { ...vector, name: file.replace(/\.json$/, ""), files: Object.fromEntries(files) } as ModelVector<T>;
    });
}

/** Makes sources of files in memory. */
export function toSources(files: ModelFiles): SourceFile[] {
  return Object.entries(files).map(([name, bytes]) => ({ name, open: () => Promise.resolve(memorySource(bytes)) }));
}

/** A source in memory, as long as `size` says: what lies beyond the bytes is zeros. It counts what is read of it. */
export function memorySource(bytes: Buffer, size = bytes.length): ByteSource & { readonly bytesRead: () => number } {
  let bytesRead = 0;
  return {
    size,
    bytesRead: () => bytesRead,
    read: (into, position) => {
      if (position < 0 || position + into.length > size) {
        return Promise.reject(
          new RangeError(`bytes ${position} to ${position + into.length} of ${size} were asked for`),
        );
      }
      bytesRead += into.length;
      into.fill(0);
      if (position < bytes.length) bytes.copy(into, 0, position);
      return Promise.resolve();
    },
    assertUnchanged: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

/** The code that an action fails with; undefined when it succeeds. Any other error goes through. */
export async function failureOf(action: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof ProvenanceError) return error.code;
    throw error;
  }
}
