import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PEERS = join(import.meta.dirname, "../../../.ci/peers/exports/bin/python3");

// Where namespaces are not ours to make, a validator runs as it is.
const OFFLINE = spawnSync("unshare", ["-n", "true"]).status === 0 ? ["unshare", "-n"] : [];

/**
 * Runs a validator of others over exports, in a process of its own and without a network where the machine lets us.
 *
 * @param script - beside this file: `.js` runs in Node, `.py` in the environment that .ci/install-peers makes
 * @returns what it printed for each file, a line of JSON; undefined, with the reason on the terminal, where it is not installed
 */
export async function runValidator(
  script: `${string}.js` | `${string}.py`,
  exports: readonly Uint8Array[],
  ...args: readonly string[]
): Promise<unknown[] | undefined> {
  const isPython = script.endsWith(".py");
  if (isPython && !existsSync(PEERS)) {
    console.log(`    skipped: ${script} needs what .ci/install-peers installs`);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), "model-provenance-validate-"));
  try {
    const paths = exports.map((_, i) => join(folder, `export-${i}`));
    await Promise.all(paths.map(async (path, i) => writeFile(path, exports[i] as Uint8Array)));
    const run = [...OFFLINE, isPython ? PEERS : process.execPath, ...(isPython ? ["-B"] : [])];
    const [command = "", ...rest] = [...run, join(import.meta.dirname, script), ...args, ...paths];
    const { status, stdout, stderr } = spawnSync(command, rest, { encoding: "utf8", maxBuffer: 256 * 1024 * 1024 });
    if (status === 0)
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown);
    const missing = /No module named '(.*)'/.exec(stderr)?.[1];
    if (missing === undefined) throw new Error(`${script} failed: ${stderr}`);
    console.log(`    skipped: ${script} needs ${missing}, which .ci/install-peers installs`);
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
