import type { Hub } from "../hub.ts";
import { AskedWork } from "../../queue/asked-work.ts";
import { fromResult, keyOfWork, toJob } from "./model-work.ts";
import type { QueueDatabase } from "../../queue/queue-database.ts";
import { holdSeal } from "../../queue/sealer.ts";
import type { WorkQueue } from "./work-queue.ts";

/** So many models are with the workers at a time: enough for a hundred of them. */
const AT_ONCE = 2000;

/** Has models read by the workers of a queue. */
export function postgresQueue(database: QueueDatabase, hub: Hub): WorkQueue {
  const models = new AskedWork(database, "model", "HUB_ANSWER_INVALID");
  return {
    atOnce: AT_ONCE,
    inspect: async (work) => fromResult(hub, work, await models.ask(keyOfWork(hub, work), toJob(hub, work))),
    holdSeal: async (request) => holdSeal(database, request),
    close: async () => {
      await models.close();
      await database.close();
    },
  };
}
