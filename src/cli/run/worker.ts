import { loadHubClient } from "../../hub/hub.ts";
import { runWorker } from "../../hub/queue/worker.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { connectSharedHub, openQueueDatabase } from "../open-queue.ts";
import type { Options } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";

const DEFAULT_AT_ONCE = 8;

/** Reads models of a queue until it is told to stop, or with `drain` until none is left. What it has not finished it hands back. */
export async function runWorkerVerb(options: Options, terminal: Terminal): Promise<ExitCode> {
  await loadHubClient(); // where it is not there, no job is taken
  const database = await openQueueDatabase(options);
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once("SIGTERM", stop).once("SIGINT", stop);
  try {
    const hub = await connectSharedHub(options, database, terminal);
    if (options.format !== "json") terminal.note("waiting for models");
    const summary = await runWorker(hub, database, {
      atOnce: options.hubConcurrency ?? DEFAULT_AT_ONCE,
      ...(options.drain && { drain: true }),
      signal: stopped.signal,
      onDone: (key, fault) => {
        if (fault !== undefined) terminal.warn(printable(`${key}: ${fault.message}`));
      },
    });
    const { done, failed, handedBack } = summary;
    if (options.format === "json") terminal.print(JSON.stringify({ schemaVersion: "1.0", ...summary }, null, 2));
    else terminal.print(`${done} read, ${failed} failed, ${handedBack} handed back`);
    return EXIT.done;
  } finally {
    process.off("SIGTERM", stop).off("SIGINT", stop);
    await database.close();
  }
}
