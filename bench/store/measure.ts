import { spawnSync } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { LocalStore, exportCar, hashModel, importCar, writeModelCar } from "model-provenance-nft";
import { CID } from "multiformats/cid";

const RUNS = 5;
// The flags that give the CID of the profile `unixfs-v1-2025`.
const PROFILE = ["--cid-version=1", "--raw-leaves", "--chunker=size-1048576", "--max-file-links=1024"];

/** Milliseconds, the median of five runs, by what was done. What needs a command that is not on the PATH is left out. */
export type Times = Readonly<Record<string, number>>;

/** Something that is measured; what it leaves behind is removed outside the time. */
interface Task {
  readonly prepare?: () => Promise<unknown>;
  readonly run: () => unknown;
}

/** Measures every task, one after the other within each run, so that all see the same machine. */
export async function measureStores(model: string, folder: string): Promise<Times> {
  const tasks = { ...(await ourTasks(model, folder)), ...copyTasks(model, folder), ...kuboTasks(model, folder) };
  const samples = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
  for (let run = -1; run < RUNS; run++) {
    for (const [name, task] of Object.entries(tasks)) {
      await task.prepare?.();
      const start = performance.now();
      await task.run();
      // The first run warms the page cache and the code.
      if (run >= 0) samples.get(name)?.push(performance.now() - start);
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
}

/** Whether a command can be started. */
export function isOnPath(command: string): boolean {
  return spawnSync(command, ["--help"], { stdio: "ignore" }).error === undefined;
}
