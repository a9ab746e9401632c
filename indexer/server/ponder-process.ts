import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { CHAINS_VARIABLE, type IndexedChain } from "../lib/chains.ts";
import { ProvenanceError } from "./library.ts";

/** What Ponder is started with. */
export interface PonderOptions {
  readonly chains: readonly IndexedChain[];
  readonly schema: string;
  /** Where it listens on 127.0.0.1. */
  readonly port: number;
  readonly databaseUrl: string | undefined;
  /** Where PGlite keeps what it has. */
  readonly dataPath: string;
  /** Takes what it prints, a line at a time. */
  readonly log: (line: string) => void;
  /** Called before it is started again: what the one that ended held is free. */
  readonly release: () => Promise<void>;
  /** Called where PGlite cannot open its own files: what was indexed is thrown away, and indexed again. */
  readonly reset: () => Promise<void>;
}

/** Ponder as a process of its own, which is started again when it ends. */
export interface PonderProcess {
  /** Of the process that runs now. */
  readonly pid: () => number | undefined;
  /** Settles when it is given up: it failed again and again before it could answer. */
  readonly failed: Promise<ProvenanceError>;
  readonly stop: () => Promise<void>;
}

const ROOT = join(import.meta.dirname, "..");
const BIN = join(ROOT, "node_modules/ponder/dist/esm/bin/ponder.js");
const PRELOAD = pathToFileURL(join(import.meta.dirname, "preload.js")).href;
const BROKEN = "RuntimeError: Aborted()";
// What Ponder says before it asks for the same blocks for ten minutes. A start reads all again that is not final.
const STUCK = "Encountered unrecoverable reorg";
const FAILS =
  "Indexing fails whenever it is started: see above. Where a chain took back what was final, start the indexer with --anew.";
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;
const MAX_EARLY_ENDS = 4;
const EARLY = 60_000;

/**
 * Starts Ponder, and starts it again whenever it ends. What it has indexed is in the database: it goes on from there.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` where the indexer's packages are not installed
 */
export function startPonder(options: PonderOptions): PonderProcess {
  if (!existsSync(BIN)) {
    const text = "The indexer's packages are not installed. Run npm ci --prefix indexer, then start it again.";
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  const stopped = new AbortController();
  let child: ChildProcess | undefined;
  const failed = Promise.withResolvers<ProvenanceError>();
  const keepRunning = async () => {
    for (let early = 0; !stopped.signal.aborted;) {
      const begun = performance.now();
      let isBroken = false;
      let isLost = false;
      const beginAgain = (text: string) => {
        isLost = true;
        options.log(`${text}: indexing begins again at the last final block`);
        end(running);
      };
      const running = launch(options, {
        onBroken: () => (isBroken = true),
        onStuck: () => beginAgain("blocks that were final are gone"),
      });
      child = running;
      running.on("message", beginAgain);
      const [code, signal] = (await once(running, "exit")) as [number | null, string | null];
      if (stopped.signal.aborted) return;
      early = performance.now() - begun < EARLY && code !== null && !isLost ? early + 1 : 0;
      if (!isLost) options.log(`indexing ended with ${code ?? signal}; it goes on from what is in the database`);
      if (early >= MAX_EARLY_ENDS) {
        failed.resolve(new ProvenanceError("OPTION_INVALID", FAILS));
        return;
      }
      if (isBroken) await options.reset();
      else await options.release();
      const pause = Math.min(FIRST_PAUSE * 2 ** early, LONGEST_PAUSE);
      await sleep(pause, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  };
  const running = keepRunning();
  return {
    pid: () => child?.pid,
    failed: failed.promise,
    stop: async () => {
      stopped.abort();
      if (child !== undefined) end(child);
      await running;
    },
  };
}

/** Ends a process, by force where it does not do so itself. */
function end(child: ChildProcess): void {
  if (!child.kill("SIGTERM")) return;
  const kill = setTimeout(() => child.kill("SIGKILL"), 10_000);
  child.once("exit", () => clearTimeout(kill));
}

function launch(
  options: PonderOptions,
  { onBroken, onStuck }: { readonly onBroken: () => void; readonly onStuck: () => void },
): ChildProcess {
  const { chains, schema, databaseUrl, dataPath, log, port } = options;
  const args = ["start", "--root", ROOT, "--schema", schema, "--hostname", "127.0.0.1", "--port", String(port)];
  const { PORT: _, DATABASE_PRIVATE_URL: __, DATABASE_URL: ___, ...environment } = process.env;
  const child = spawn(process.execPath, ["--import", PRELOAD, BIN, ...args, "--log-level", "warn"], {
    cwd: ROOT,
    env: {
      ...environment,
      PONDER_TELEMETRY_DISABLED: "true",
      [CHAINS_VARIABLE]: JSON.stringify(chains),
      ...(databaseUrl === undefined ? { INDEXER_DATA: dataPath } : { DATABASE_URL: databaseUrl }),
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    let rest = "";
    stream.setEncoding("utf8").on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") log(line);
      if (lines.some((line) => line.includes(STUCK))) onStuck();
      // What PGlite says of files that it cannot recover. Ponder would try a minute long.
      if (databaseUrl === undefined && lines.some((line) => line.startsWith(BROKEN))) {
        onBroken();
        child.kill("SIGKILL");
      }
    });
  }
  return child;
}

/** Finds a port of this machine that is free now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
