import { loadHubClient } from "../../hub/hub.ts";
import { modelPerformer } from "../../hub/queue/model-work.ts";
import { FileHasher, filePerformer } from "../../queue/file-work.ts";
import type { QueueDatabase } from "../../queue/queue-database.ts";
import { type Performer, runWorker } from "../../queue/worker.ts";
import { defaultThreads } from "../../base/worker-pool.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { connectSharedHub, withDatabase } from "../open-queue.ts";
import type { Options } from "../options.ts";
import { type Terminal, printable } from "../terminal.ts";
import { readVersion } from "../version.ts";

const DEFAULT_AT_ONCE = 8;

/** Does the work of a queue until it is told to stop, or with `drain` until none is left. What it has not finished it hands back. */
export async function runWorkerVerb(options: Options, terminal: Terminal): Promise<ExitCode> {
  await loadHubClient(); // where it is not there, no job is taken
  return withDatabase(options, async (database) => {
    const { sharedFolders = [], hashThreads = defaultThreads() } = options;
    const hub = await connectSharedHub(options, database, terminal);
    const reader = { hub, version: await readVersion() };
    const hasher = sharedFolders.length > 0 ? new FileHasher(hashThreads, sharedFolders) : undefined;
    const performers: Performer[] = [modelPerformer(reader, options.hubConcurrency ?? DEFAULT_AT_ONCE)];
    if (hasher !== undefined) performers.push(filePerformer(hasher, hashThreads));
    if (options.format !== "json") terminal.note(hasher ? "waiting for models and files" : "waiting for models");
    return work(performers, database, options, terminal).finally(async () => hasher?.close());
  });
}

async function work(
  performers: readonly Performer[],
  database: QueueDatabase,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once("SIGTERM", stop).once("SIGINT", stop);
  try {
    const summary = await runWorker(performers, database, {
      ...(options.drain && { drain: true }),
      signal: stopped.signal,
      onDone: (key, fault) => {
        if (fault !== undefined) terminal.warn(printable(`${key}: ${fault.message}`));
      },
      onHandedBack: (key, fault) => terminal.warn(printable(`${key} handed back: ${fault.message}`)),
    });
    const { done, failed, handedBack } = summary;
    if (options.format === "json") terminal.print(JSON.stringify({ schemaVersion: "1.0", ...summary }, null, 2));
    else terminal.print(`${done} done, ${failed} failed, ${handedBack} handed back`);
    return EXIT.done;
  } finally {
    process.off("SIGTERM", stop).off("SIGINT", stop);
  }
}
