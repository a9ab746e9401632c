import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder of a test's own. */
export interface TemporaryFolder {
  /** The folder, or a path below it. */
  readonly path: (...parts: string[]) => string;
  /** Writes files below a folder in it, and returns that folder. */
  readonly write: (folder: string, files: Readonly<Record<string, string | Uint8Array>>) => Promise<string>;
}

/** Gives every test of the enclosing `describe` an empty folder, and removes it afterwards. */
export function useTemporaryFolder(): TemporaryFolder {
  let root = "";

  beforeEach(async function () {
    root = await mkdtemp(join(tmpdir(), "model-provenance-"));
  });

  afterEach(async function () {
    await rm(root, { recursive: true, force: true });
  });

  return {
    path: (...parts) => join(root, ...parts),
    write: async (folder, files) => {
      await mkdir(join(root, folder), { recursive: true });
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(root, folder, name)), { recursive: true });
        await writeFile(join(root, folder, name), content);
      }
      return join(root, folder);
    },
  };
}
