import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { askPonderAt } from "./ask-ponder.ts";
import { type Database, openDatabase } from "./documents/database.ts";
import { Documents } from "./documents/documents.ts";
import { Tasks } from "./documents/tasks.ts";
import { runWorker } from "./documents/worker.ts";
import { createFront } from "./front.ts";
import { ProvenanceError } from "./library.ts";
import { openSource } from "./open-source.ts";
import { type PonderProcess, findFreePort, startPonder } from "./ponder-process.ts";
import { listRoutes } from "./routes.ts";
import { nameSchema } from "./schema-name.ts";
import { throwAway } from "./throw-away.ts";
import { HELP, type Settings, readSettings } from "./settings.ts";
import { unlockSchema } from "./unlock.ts";
import { forgetWitnesses, watchChains } from "./witness.ts";

const log = (line: string) => void process.stderr.write(`${line}\n`);

try {
  await main();
} catch (error) {
  if (!(error instanceof ProvenanceError)) throw error;
  log(`error: ${error.message}`);
  process.exitCode = 2;
}

async function main(): Promise<void> {
  const settings = await readSettings(process.argv.slice(2), process.env);
  if (settings === undefined) return void process.stdout.write(HELP);
  const database = await openDocuments(settings);
  try {
    await serve(settings, database);
  } finally {
    await database.close();
  }
}

/** Indexes and answers until a signal, or until Ponder is given up. Whatever ends it, nothing goes on behind it. */
async function serve(settings: Settings, database: Database): Promise<void> {
  const { chains, databaseUrl, dataPath, host, port } = settings;
  const schema = nameSchema(chains);
  const ponderPort = await findFreePort();
  const ask = askPonderAt(`http://127.0.0.1:${ponderPort}`);
  const documents = new Documents(database);
  const events = join(dataPath, "events");
  if (settings.anew) {
    const chainIds = chains.map(({ chainId }) => chainId);
    await throwAway({ schema, chainIds, databaseUrl, dataPath: events }, database);
  }
  const stopped = new AbortController();
  const watch = watchChains({ chains, ask, database, schema, log, signal: stopped.signal });
  const front = createFront(listRoutes({ settings, ask, documents, watch }), log);
  let [ponder, working]: [PonderProcess?, Promise<void>?] = [];
  try {
    await listen(front, port, host);
    ponder = startPonder({
      chains,
      schema,
      port: ponderPort,
      databaseUrl,
      dataPath: events,
      log,
      reset: async () => {
        log("what PGlite kept of the events cannot be read any more: it is indexed again");
        await rm(events, { recursive: true, force: true });
        await forgetWitnesses(database, schema);
      },
      release: async () => unlockSchema(databaseUrl, schema),
    });
    const source = openSource(settings, log);
    const context = { chains, ask, documents, tasks: new Tasks(database), log, signal: stopped.signal };
    working = source === undefined ? undefined : runWorker({ ...context, source });
    const signal = once(process, "SIGTERM").then(() => undefined);
    const interrupt = once(process, "SIGINT").then(() => undefined);
    const failure = await Promise.race([signal, interrupt, ponder.failed]);
    if (failure !== undefined) throw failure;
  } finally {
    front.close();
    front.closeAllConnections();
    stopped.abort();
    await Promise.all([ponder?.stop(), working, watch.ended]);
  }
}

async function openDocuments({ databaseUrl, dataPath }: Settings): Promise<Database> {
  try {
    return await openDatabase(databaseUrl, join(dataPath, "documents"));
  } catch (cause) {
    const where = databaseUrl === undefined ? dataPath : new URL(databaseUrl).host;
    const text = `The database at ${where} cannot be used: ${(cause as Error).message}`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  }
}

async function listen(front: Server, port: number, host: string): Promise<void> {
  front.listen(port, host);
  await once(front, "listening").catch((cause: NodeJS.ErrnoException) => {
    const text = `Nothing can listen on ${host}, port ${port} (${cause.code}). Choose another with --port.`;
    throw new ProvenanceError("OPTION_INVALID", text, { cause });
  });
  const { address, family, port: bound } = front.address() as AddressInfo;
  process.stdout.write(`listening on http://${family === "IPv6" ? `[${address}]` : address}:${bound}\n`);
}
