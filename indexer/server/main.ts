import { once } from "node:events";
import { rm } from "node:fs/promises";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { askPonderAt } from "./ask-ponder.ts";
import { createFront } from "./front.ts";
import { ProvenanceError } from "./library.ts";
import { findFreePort, startPonder } from "./ponder-process.ts";
import { listRoutes } from "./routes.ts";
import { nameSchema } from "./schema-name.ts";
import { HELP, readSettings } from "./settings.ts";
import { unlockSchema } from "./unlock.ts";

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
  const { chains, databaseUrl, dataPath, host, port } = settings;
  const schema = nameSchema(chains);
  const ponderPort = await findFreePort();
  const front = createFront(listRoutes(settings, askPonderAt(`http://127.0.0.1:${ponderPort}`)), log);
  await listen(front, port, host);
  const ponder = startPonder({
    chains,
    schema,
    port: ponderPort,
    databaseUrl,
    dataPath: join(dataPath, "events"),
    log,
    reset: async () => {
      log("what PGlite kept of the events cannot be read any more: it is indexed again");
      await rm(join(dataPath, "events"), { recursive: true, force: true });
    },
    release: async () => unlockSchema(databaseUrl, schema),
  });
  const signal = once(process, "SIGTERM").then(() => undefined);
  const interrupt = once(process, "SIGINT").then(() => undefined);
  const failure = await Promise.race([signal, interrupt, ponder.failed]);
  front.close();
  front.closeAllConnections();
  await ponder.stop();
  if (failure !== undefined) throw failure;
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
