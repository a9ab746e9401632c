import type { Hub } from "../hub/hub.ts";
import type { QueueDatabase } from "../queue/queue-database.ts";
import type { WorkQueue } from "../hub/queue/work-queue.ts";
import type { DigestFiles } from "../model/hashing/digest-files.ts";
import { describeSeconds } from "./describe-time.ts";
import { EXIT, type ExitCode } from "./exit-codes.ts";
import { connectHub } from "./hub-model.ts";
import type { HUB_OPTIONS } from "./option-sets.ts";
import { type OptionValues, type Options, required } from "./options.ts";
import { type Terminal, table } from "./terminal.ts";
import { readVersion } from "./version.ts";

type QueueOptions = OptionValues<(typeof HUB_OPTIONS)[number] | "hubConcurrency" | "queueUrl" | "hubRate">;

/** So many models of a list wait for the workers of a queue at once. */
export const QUEUED_AT_ONCE = 64;

/**
 * Opens the database of the queue that is named, for as long as the work takes: one that is left open keeps the process.
 *
 * @throws {ProvenanceError} `QUEUE_UNREACHABLE`, `OPTIONAL_PACKAGE_MISSING`, `OPTION_MISSING`; what the work throws
 */
export async function withDatabase<Result>(
  options: OptionValues<"queueUrl">,
  work: (database: QueueDatabase) => Promise<Result>,
): Promise<Result> {
  const { QueueDatabase: Database } = await import("../queue/queue-database.ts");
  const database = await Database.open(required(options, "queueUrl"));
  return work(database).finally(async () => database.close());
}

/** Opens the Hub for a process that shares its turns with all others of a queue. */
export async function connectSharedHub(
  options: QueueOptions,
  database: QueueDatabase,
  terminal: Pick<Terminal, "note">,
): Promise<Hub> {
  const { createSharedPauses } = await import("../hub/queue/shared-pauses.ts");
  const alone = await connectHub(options, terminal);
  const onWait = (milliseconds: number) => terminal.note(`the Hub asks to wait: ${Math.ceil(milliseconds / 1000)} s`);
  const pauses = await createSharedPauses(database, alone, options.hubRate, onWait);
  return connectHub(options, terminal, pauses);
}

/**
 * Opens the Hub, and the queue where one is named: else this process reads the models.
 *
 * @throws {ProvenanceError} as {@link withDatabase} and `openHub`
 */
export async function withQueue<Result>(
  options: QueueOptions,
  terminal: Pick<Terminal, "note" | "warn">,
  work: (hub: Hub, queue: WorkQueue | undefined) => Promise<Result>,
): Promise<Result> {
  if (options.queueUrl === undefined) return work(await connectHub(options, terminal), undefined);
  const { postgresQueue } = await import("../hub/queue/postgres-queue.ts");
  return withDatabase(options, async (database) => {
    const hub = await connectSharedHub(options, database, terminal);
    const reader = { hub, version: await readVersion() };
    const queue = postgresQueue(database, reader, () => warnOfNobody("models", "", terminal));
    return work(hub, queue).finally(queue.close);
  });
}

/** What hashes files for a verb: the workers of the queue that is named; undefined where this machine does. */
export async function withFileQueue<Result>(
  options: OptionValues<"queueUrl">,
  terminal: Pick<Terminal, "warn">,
  work: (queue: FileQueue | undefined) => Promise<Result>,
): Promise<Result> {
  if (options.queueUrl === undefined) return work(undefined);
  const { queueDigester } = await import("../queue/queue-digester.ts");
  const { holdSeal } = await import("../queue/sealer.ts");
  return withDatabase(options, async (database) => {
    const { digest, close } = queueDigester(database, () => warnOfNobody("files", " --files FOLDER", terminal));
    return work({ digest, holdSeal: async (request) => holdSeal(database, request) }).finally(close);
  });
}

/** A queue that hashes files. */
export interface FileQueue extends Required<Pick<WorkQueue, "holdSeal">> {
  readonly digest: DigestFiles;
}

function warnOfNobody(what: string, option: string, terminal: Pick<Terminal, "warn">): void {
  const start = `model-provenance worker --queue URL${option}`;
  terminal.warn(`No worker takes the ${what} that wait in the queue. Start one, here or elsewhere: ${start}`);
}

/** Says how far the work of a queue has come. */
export async function runQueueStatus(options: Options, terminal: Terminal): Promise<ExitCode> {
  return withDatabase(options, async (database) => {
    const { waiting, active, done, failed, lastMinute } = await database.count();
    const perSecond = lastMinute / 60;
    const left = waiting + active;
    const secondsLeft = left === 0 ? 0 : perSecond === 0 ? undefined : Math.ceil(left / perSecond);
    const status = { waiting, active, done, failed, perSecond: Math.round(perSecond * 100) / 100, secondsLeft };
    if (options.format === "json") {
      terminal.print(JSON.stringify({ schemaVersion: "1.0", ...status }, null, 2));
      return EXIT.done;
    }
    const rows: [string, string][] = [
      ["waiting", String(waiting)],
      ["being done", String(active)],
      ["done", String(done)],
      ...Object.entries(failed).map(([code, count]): [string, string] => ["failed", `${count} ${code}`]),
      ["rate", `${status.perSecond} models and files a second in the last minute`],
      ["time left", describeLeft(secondsLeft)],
    ];
    terminal.print(table(rows));
    return EXIT.done;
  });
}

function describeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return "not known: nothing was done in the last minute";
  if (seconds === 0) return "none: all is done";
  const unit = [86_400, 3600, 60].find((size) => seconds >= 2 * size) ?? 1;
  return `about ${describeSeconds(Math.ceil(seconds / unit) * unit)}`;
}
