import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  LocalStore,
  computeModelCid,
  digestLeaves,
  exportCar,
  hashModel,
  importCar,
  pinModel,
  walkModel,
  writeModelCar,
} from "model-provenance-nft";

const RUNS = 5;
// The flags that give the CID of the profile `unixfs-v1-2025`.
const PROFILE = ["--cid-version=1", "--raw-leaves", "--chunker=size-1048576", "--max-file-links=1024"];

/** Milliseconds, the median of five runs, by what was done. What needs a command that is not on the PATH is left out. */
export type Times = Readonly<Record<string, number>>;

/** Something that is measured. What it leaves behind is removed before the next run, outside the time. */
interface Task {
  readonly run: () => unknown;
  readonly leaves?: string;
}

/** Measures every task, one after the other within each run, so that all see the same machine. */
export async function measureStores(model: string, folder: string): Promise<Times> {
  const tasks = { ...(await ourTasks(model, folder)), ...copyTasks(model, folder), ...kuboTasks(model, folder) };
  const samples = new Map<string, number[]>(Object.keys(tasks).map((name) => [name, []]));
  for (let run = -1; run < RUNS; run++) {
    for (const [name, { run: work, leaves }] of Object.entries(tasks)) {
      if (leaves !== undefined) await rm(leaves, { recursive: true, force: true });
      // What others wrote must not be brought to the disk in our time.
      spawnSync("sync", ["-f", folder]);
      const start = performance.now();
      await work();
      // The first run warms the page cache and the code.
      if (run >= 0) samples.get(name)?.push(performance.now() - start);
    }
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
}

/** Ours: the store refers to the model, so that its export knows all digests; the archive is there for the import. */
async function ourTasks(model: string, folder: string): Promise<Record<string, Task>> {
  const store = new LocalStore(join(folder, "store"));
  const hashed = await hashModel(model, { withCid: true });
  const root = await pinModel(hashed, store);
  const car = join(folder, "model.car");
  await exportCar(store, root, car);
  const [known, fresh, imported] = ["known.car", "fresh.car", "imported"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  return {
    folderCid: { run: async () => computeFolderCid(model) },
    folderCidAndDigests: { run: async () => hashModel(model, { withCid: true }) },
    exportKnown: { run: async () => exportCar(store, root, known), leaves: known },
    exportHashing: { run: async () => writeModelCar(model, fresh), leaves: fresh },
    importCar: { run: async () => importCar(new LocalStore(imported), car), leaves: imported },
  };
}

/** As `verify --fast` computes it: no SHA-256 of whole files, like `ipfs add --only-hash`. */
async function computeFolderCid(model: string): Promise<string> {
  const { kind, files } = await walkModel(model);
  const leaves = await digestLeaves(files);
  return computeModelCid(
    kind,
    files.map(({ name, size }, i) => ({ name, size, leafDigests: leaves[i] as Uint8Array })),
  );
}

/** As a copy is made by everyone, and with its bytes brought to the disk, as all of ours are. */
function copyTasks(model: string, folder: string): Record<string, Task> {
  const copy = join(folder, "copy");
  return {
    cp: { run: () => must("cp", ["-r", model, copy]), leaves: copy },
    cpSynced: {
      run: () => {
        must("cp", ["-r", model, copy]);
        must("sync", ["-f", folder]);
      },
      leaves: copy,
    },
  };
}

function kuboTasks(model: string, folder: string): Record<string, Task> {
  if (!isOnPath("ipfs")) return {};
  const environmentOf = (path: string) => ({ ...process.env, IPFS_PATH: path });
  const full = environmentOf(join(folder, "ipfs"));
  const empty = environmentOf(join(folder, "ipfs-empty"));
  spawnSync("ipfs", ["init", "--empty-repo"], { env: full, stdio: "ignore" });
  must("ipfs", ["add", "-r", "-Q", ...PROFILE, model], full);
  const root = spawnSync("ipfs", ["add", "--only-hash", "-r", "-Q", ...PROFILE, model], { env: full });
  const exported = join(folder, "ipfs.car");
  const car = join(folder, "model.car");
  const inEmpty = (...args: string[]) => {
    must("ipfs", ["init", "--empty-repo"], empty);
    must("ipfs", args, empty);
  };
  return {
    ipfsOnlyHash: { run: () => must("ipfs", ["add", "--only-hash", "-r", "-Q", ...PROFILE, model], full) },
    ipfsAdd: { run: () => inEmpty("add", "-r", "-Q", ...PROFILE, model), leaves: empty.IPFS_PATH },
    ipfsDagExport: {
      run: () => must("ipfs", ["dag", "export", "--progress=false", root.stdout.toString().trim()], full, exported),
      leaves: exported,
    },
    ipfsDagImport: { run: () => inEmpty("dag", "import", car), leaves: empty.IPFS_PATH },
  };
}

/** Runs a command, its output into a file where one is named. */
function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env, out?: string): void {
  const stdout = out === undefined ? "ignore" : openSync(out, "w");
  const { status, stderr, error } = spawnSync(command, args, { env, stdio: ["ignore", stdout, "pipe"] });
  if (typeof stdout === "number") closeSync(stdout);
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.toString()}`);
}

function isOnPath(command: string): boolean {
  return spawnSync(command, ["--help"], { stdio: "ignore" }).error === undefined;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
