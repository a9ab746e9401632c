import { AskedWork } from "../../queue/asked-work.ts";
import { type Reader, fromResult, keyOfWork, toJob } from "./model-work.ts";
import type { QueueDatabase } from "../../queue/queue-database.ts";
import { holdSeal } from "../../queue/sealer.ts";
import type { WorkQueue } from "./work-queue.ts";

/** So many models are with the workers at a time: enough for a hundred of them. */
const AT_ONCE = 2000;

/**
 * Has models read by the workers of a queue.
 *
 * @param onNobody - told where none takes what waits
 */
export function postgresQueue(
  database: QueueDatabase,
  reader: Reader,
  onNobody: () => void,
): Required<WorkQueue> & { readonly close: () => Promise<void> } {
  const models = new AskedWork(database, { queue: "model", abandoned: "HUB_ANSWER_INVALID", onNobody });
  return {
    atOnce: AT_ONCE,
    inspect: async (work) => fromResult(reader, work, await models.ask(keyOfWork(reader, work), toJob(reader, work))),
    holdSeal: async (request) => holdSeal(database, request),
    close: async () => models.close(),
  };
}
