import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const PEERS = join(import.meta.dirname, "../../../.ci/peers/python-package/bin/python");

/**
 * A Python that has a module: the one that `.ci/install-peers` made for the package, else the one on the PATH.
 *
 * @throws with what to install
 */
export async function findPython(module: string): Promise<string> {
  for (const python of [PEERS, "python3"]) {
    const found = await promisify(execFile)(python, ["-c", `import ${module}`]).then(
      () => true,
      () => false,
    );
    if (found) return python;
  }
  throw new Error(
    `There is no python3 with ${module} here: python3 -m pip install ${module}, or run .ci/install-peers.`,
  );
}
