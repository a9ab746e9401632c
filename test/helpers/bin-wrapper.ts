import { chmod, writeFile } from "node:fs/promises";
import { BIN } from "./built-command.ts";

/** Writes a command that runs the command line as an installed one does. @returns its path */
export async function writeBinWrapper(path: string): Promise<string> {
  await writeFile(path, `#!/bin/sh\nexec "${process.execPath}" "${BIN}" "$@"\n`);
  await chmod(path, 0o755);
  return path;
}
