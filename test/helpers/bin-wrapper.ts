import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";

const BIN = join(import.meta.dirname, "../../src/cli/bin.ts");

/** Writes a command that runs the command line from its sources, as an installed one would be. @returns its path */
export async function writeBinWrapper(path: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
