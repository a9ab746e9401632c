import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { setTimeout as sleep } from "node:timers/promises";

/** An indexer that runs as a process of its own. */
export interface Indexer {
  readonly url: string;
  readonly pid: number;
  /** Asks a route; the JSON that it answers. */
  readonly ask: (path: string) => Promise<Record<string, unknown>>;
  readonly graphql: (query: string) => Promise<Record<string, Record<string, unknown>>>;
  /** Waits until a block is indexed. */
  readonly reach: (block: number) => Promise<void>;
  /** The numbers of the processes that index. */
  readonly listIndexing: () => Promise<readonly number[]>;
  /** Kills the process that indexes, as the kernel does when memory is short; false where none runs. */
  readonly killIndexing: () => Promise<boolean>;
  /** What it said so far. */
  readonly log: () => string;
  readonly kill: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const ROOT = join(import.meta.dirname, "../../..");
const MAIN = join(ROOT, "indexer/server/main.ts");
const PATIENCE = 600_000;
const run = promisify(execFile);

/** Whether its packages are installed. */
export function isIndexerInstalled(): boolean {
  return existsSync(join(ROOT, "indexer/node_modules/ponder/package.json"));
}

/** Writes a registries file that names one registry of a development chain, and a market beside it where one is given. */
export async function writeRegistries(
  path: string,
  address: string,
  rpcUrl: string,
  { extra = "", market }: { readonly extra?: string; readonly market?: string } = {},
): Promise<string> {
  const beside = market === undefined ? "" : `    market: "${market}"\n`;
  const entry = `  - chain: localhost\n    address: "${address}"\n    rpcUrl: ${rpcUrl}\n${beside}`;
  await writeFile(path, `schemaVersion: "1.0"\n${extra}registries:\n${entry}`);
  return path;
}

/** Starts the indexer, on PostgreSQL where a database is named and else on PGlite. */
export async function startIndexer(
  registries: string,
  place: { readonly database: string } | { readonly data: string },
  more: readonly string[] = [],
): Promise<Indexer> {
  const where = "database" in place ? ["--database", place.database] : ["--data", place.data];
  const args = [MAIN, "--registries", registries, "--port", "0", ...where, ...more];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const url = await readUrl(child, () => said);
  const ask = async (path: string) => (await (await fetch(url + path)).json()) as Record<string, unknown>;
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    }
  };
  const listIndexing = async () => {
    const found = await run("ps", ["--ppid", String(child.pid), "-o", "pid="]).catch(() => ({ stdout: "" }));
    return found.stdout.split(/\s+/).filter(Boolean).map(Number);
  };
  return {
    url,
    pid: child.pid as number,
    ask,
    listIndexing,
    graphql: async (query) => {
      const headers = { "content-type": "application/json" };
      const response = await fetch(`${url}/graphql`, { method: "POST", headers, body: JSON.stringify({ query }) });
      const { data, errors } = (await response.json()) as { data?: Record<string, never>; errors?: unknown };
      if (data === undefined || errors !== undefined) throw new Error(JSON.stringify(errors));
      return data;
    },
    reach: async (block) => {
      for (const start = performance.now(); ;) {
        const { chains = [] } = (await ask("/status")) as { chains?: { block?: number }[] };
        if ((chains[0]?.block ?? -1) >= block) return;
        if (performance.now() - start > PATIENCE) throw new Error(`block ${block} was not reached: ${said}`);
        await sleep(200);
      }
    },
    killIndexing: async () => {
      const pids = await listIndexing();
      for (const pid of pids) process.kill(pid, "SIGKILL");
      return pids.length > 0;
    },
    log: () => said,
    kill: async () => end("SIGKILL"),
    close: async () => end("SIGTERM"),
  };
}

async function readUrl(child: ChildProcess, said: () => string): Promise<string> {
  const found = Promise.withResolvers<string>();
  let text = "";
  child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
    text += chunk;
    const url = /listening on (http:\S+)/.exec(text)?.[1];
    if (url !== undefined) found.resolve(url);
  });
  child.once("exit", (code) => found.reject(new Error(`the indexer ended with ${code}: ${said()}`)));
  return found.promise;
}
