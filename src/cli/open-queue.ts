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

type QueueOptions = OptionValues<(typeof HUB_OPTIONS)[number] | "hubConcurrency" | "queueUrl" | "hubRate">;

/** So many models of a list wait for the workers of a queue at once. */
export const QUEUED_AT_ONCE = 64;

/** Opens the database of the queue that is named. Errors as `QueueDatabase.open`, and `OPTION_MISSING`. */
export async function openQueueDatabase(options: OptionValues<"queueUrl">): Promise<QueueDatabase> {
  const { QueueDatabase: Database } = await import("../queue/queue-database.ts");
  return Database.open(required(options, "queueUrl"));
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

/** Opens the Hub, and the queue where one is named: else this process reads the models. */
export async function openQueue(
  options: QueueOptions,
  terminal: Pick<Terminal, "note">,
): Promise<{ readonly hub: Hub; readonly queue: WorkQueue | undefined }> {
  if (options.queueUrl === undefined) return { hub: await connectHub(options, terminal), queue: undefined };
  const { postgresQueue } = await import("../hub/queue/postgres-queue.ts");
  const database = await openQueueDatabase(options);
  const hub = await connectSharedHub(options, database, terminal);
  return { hub, queue: postgresQueue(database, hub) };
}

/** What hashes files for a verb: the workers of the queue that is named; undefined where this machine does. */
export async function openFileQueue(options: OptionValues<"queueUrl">): Promise<FileQueue | undefined> {
  if (options.queueUrl === undefined) return undefined;
  const { queueDigester } = await import("../queue/queue-digester.ts");
  const { holdSeal: hold } = await import("../queue/sealer.ts");
  const database = await openQueueDatabase(options);
  const { digest, close } = queueDigester(database);
  return {
    digest,
    holdSeal: async (request) => hold(database, request),
    close: async () => {
      await close();
      await database.close();
    },
  };
}

/** A queue that hashes files. */
export interface FileQueue extends Required<Pick<WorkQueue, "holdSeal" | "close">> {
  readonly digest: DigestFiles;
}

/** Says how far the work of a queue has come. */
export async function runQueueStatus(options: Options, terminal: Terminal): Promise<ExitCode> {
  const database = await openQueueDatabase(options);
  try {
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
  } finally {
    await database.close();
  }
}

function describeLeft(seconds: number | undefined): string {
  if (seconds === undefined) return "not known: nothing was done in the last minute";
  if (seconds === 0) return "none: all is done";
  const unit = [86_400, 3600, 60].find((size) => seconds >= 2 * size) ?? 1;
  return `about ${describeSeconds(Math.ceil(seconds / unit) * unit)}`;
}
