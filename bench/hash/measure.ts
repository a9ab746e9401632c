import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { computeManifestRoot, digestFiles, digestLeaves } from "model-provenance-nft";
import { type FileSet, createMany } from "./files.ts";

const RUNS = 5;
const NODE = process.execPath;
const BIN = join(import.meta.dirname, "../../dist/src/cli/bin.js");
const ROOT = join(import.meta.dirname, "../..");

/** Milliseconds, the median of five runs, by set and tool. A tool that is not on the PATH is left out. */
export type Times = Record<FileSet["name"], Record<string, number>>;

/** Measures every tool on every set, tool after tool within each run, so that all see the same machine. */
export async function measureSets(sets: readonly FileSet[], folder: string): Promise<Times> {
  const times = {} as Times;
  for (const set of sets) {
    const tools = await availableTools(set, folder);
    const samples = new Map<string, number[]>(Object.keys(tools).map((name) => [name, []]));
    for (let run = -1; run < RUNS; run++) {
      for (const [name, tool] of Object.entries(tools)) {
        const start = performance.now();
        await tool();
        // The first run warms the page cache and the code.
        if (run >= 0) samples.get(name)?.push(performance.now() - start);
      }
    }
    times[set.name] = Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
  }
  return times;
}

/** Milliseconds from the start of `hash` on a tiny model to its end, started directly. */
export async function measureStartup(folder: string): Promise<number> {
  const model = join(folder, "tiny");
  mkdirSync(model, { recursive: true });
  writeFileSync(join(model, "config.json"), "{}");
  const samples: number[] = [];
  for (let run = -1; run < 2 * RUNS; run++) {
    const start = performance.now();
    must(NODE, [BIN, "hash", model]);
    if (run >= 0) samples.push(performance.now() - start);
  }
  return Promise.resolve(median(samples));
}

/** How long something took in a process of its own, and the most memory it had. */
export interface Cost {
  readonly milliseconds: number;
  readonly peakMebibytes: number;
}

/** Time of the manifest root of 100 000 files, ours and OpenZeppelin's, and of the commands, and the peak memory of each. */
export async function measureMemory(folder: string, sets: readonly FileSet[]): Promise<Record<string, Cost>> {
  const script = join(import.meta.dirname, "memory.ts");
  const many = await createMany(folder);
  const large = sets.find(({ name }) => name === "one")?.folder ?? folder;
  const results: Record<string, Cost> = { start: measureCommand("--version") };
  for (const what of ["manifestRoot", "openZeppelinTree"]) {
    const { stdout } = spawnSync(NODE, [script, what], { encoding: "utf8", cwd: ROOT });
    results[what] = JSON.parse(stdout) as Cost;
  }
  results["hash, 1 × 2 GiB"] = measureCommand("hash", large);
  results["hash --cid, 1 × 2 GiB"] = measureCommand("hash", large, "--cid");
  results["hash, 100 000 files"] = measureCommand("hash", many);
  results["hash --json, 100 000 files"] = measureCommand("hash", many, "--json");
  results["hash --cid, 100 000 files"] = measureCommand("hash", many, "--cid");
  return results;
}

const REPORT_PEAK = `import { writeSync } from "node:fs";
process.on("exit", () => writeSync(2, "peak " + process.resourceUsage().maxRSS + "\\n"));`;

/** Runs the command line, which tells at its end what memory it had. */
function measureCommand(...args: string[]): Cost {
  const report = encodeURIComponent(REPORT_PEAK);
  const start = performance.now();
  const { stderr } = spawnSync(NODE, ["--import", `data:text/javascript,${report}`, BIN, ...args], {
    encoding: "utf8",
    stdio: ["ignore", "ignore", "pipe"],
  });
  const peak = /^peak (\d+)$/m.exec(stderr)?.[1];
  if (peak === undefined) throw new Error(`${args.join(" ")} failed: ${stderr}`);
  return { milliseconds: performance.now() - start, peakMebibytes: Number(peak) / 1024 };
}

async function availableTools(set: FileSet, folder: string): Promise<Record<string, () => unknown>> {
  const paths = set.files.map(({ path }) => path);
  const list = join(folder, `${set.name}.list`);
  writeFileSync(list, paths.join("\0"));
  const xargs = (...command: string[]) => must("xargs", ["-0", "-a", list, ...command]);
  const resources = (await digestFiles(set.files)).map(({ sha256, size }, i) => ({ name: `file-${i}`, size, sha256 }));
  const tools: Record<string, () => unknown> = {
    ours: async () => digestFiles(set.files),
    oursWithCid: async () => digestFiles(set.files, { leaves: true }),
    oursLeaves: async () => digestLeaves(set.files),
    manifestRoot: () => computeManifestRoot(resources),
    sha256sum: () => xargs("sha256sum"),
    openssl: () => xargs("openssl", "dgst", "-sha256"),
  };
  if (isOnPath("model_signing")) {
    const key = join(folder, "key.pem");
    must("openssl", ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", key]);
    const signature = join(folder, `${set.name}.sig`);
    tools["model_signing"] = () =>
      must("model_signing", ["sign", "key", set.folder, "--private_key", key, "--signature", signature]);
  }
  if (isOnPath("ipfs")) {
    const chunker = ["--cid-version=1", "--raw-leaves", "--chunker=size-1048576", "--max-file-links=1024"];
    const environment = { ...process.env, IPFS_PATH: join(folder, "ipfs") };
    spawnSync("ipfs", ["init"], { env: environment, stdio: "ignore" });
    const args = ["add", "--only-hash", "-Q", "-r", ...chunker, set.folder];
    tools["ipfs"] = () => must("ipfs", args, environment);
  }
  return tools;
}

function must(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): void {
  const { status, stderr, error } = spawnSync(command, args, { env, stdio: ["ignore", "ignore", "pipe"] });
  if (status !== 0) throw new Error(`${command} failed: ${error?.message ?? stderr.toString()}`);
}

function isOnPath(command: string): boolean {
  return spawnSync(command, ["--help"], { stdio: "ignore" }).error === undefined;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}

/** Kernel name of the processor, for the table's head. */
export function processor(): string {
  return /model name\s*: (.*)/.exec(readFileSync("/proc/cpuinfo", "utf8"))?.[1] ?? "unknown processor";
}
