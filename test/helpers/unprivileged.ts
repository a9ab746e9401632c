import { execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { builtModule } from "./built-command.ts";

const NOBODY = 65534;

/**
 * Calls a function of src/ in a child process that may not read everything, where this one is root, and
 * returns what it fails with (the code "no error" when it succeeds).
 *
 * @param module - relative to src/, for example "model/walk.ts"
 */
export async function errorUnprivileged(
  module: string,
  exportName: string,
  argument: unknown,
): Promise<{ code: string; message: string }> {
  const url = pathToFileURL(builtModule(module)).href;
  // Modules first: a repository may lie where only root can read.
  const code = `
    const { ${exportName}: call } = await import(${JSON.stringify(url)});
    if (process.getuid() === 0) process.seteuid(${NOBODY});
    const answer = await call(JSON.parse(process.argv[1])).then(
      () => ({ code: "no error", message: "" }),
      (error) => ({ code: String(error.code), message: error.message }),
    );
    process.stdout.write(JSON.stringify(answer));`;
  const options = { env: { ...process.env, NODE_OPTIONS: "" } };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--input-type=module", "--eval", code, JSON.stringify(argument)],
    options,
  );
  return JSON.parse(stdout) as { code: string; message: string };
}

/** The code alone that {@link errorUnprivileged} gives. */
export async function errorCodeUnprivileged(module: string, exportName: string, argument: unknown): Promise<string> {
  return (await errorUnprivileged(module, exportName, argument)).code;
}
