import { z } from "zod";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import type { HubInfo } from "../hub-info.ts";
import type { Hub } from "../hub.ts";
import { type InspectedModel, inspectInfo } from "../inspect-model.ts";
import type { Performer } from "../../queue/worker.ts";
import type { ModelWork } from "./work-queue.ts";

const workSchema = z.object({
  endpoint: z.string(),
  info: z.string().transform((text) => JSON.parse(text) as HubInfo),
  allowPrivate: z.boolean(),
});

/** Names a piece of work: the same commit of the same Hub is read once. */
export function keyOfWork(
  { endpoint }: Pick<Hub, "endpoint">,
  { info: { id, revision }, allowPrivate }: ModelWork,
): string {
  return `${endpoint} ${id}@${revision}${allowPrivate ? " private" : ""}`;
}

/** Writes a piece of work as a job holds it. */
export function toJob({ endpoint }: Pick<Hub, "endpoint">, { info, allowPrivate = false }: ModelWork): object {
  // As a text: the database would bring its members into another order, and the tables that are written of it.
  return { endpoint, info: JSON.stringify(info), allowPrivate };
}

/** Faults of the way to the Hub: another worker, or a later try, may get through. */
const PASSING = new Set<ProvenanceErrorCode>(["HUB_UNREACHABLE", "HUB_RATE_LIMITED", "HUB_TOKEN_INVALID"]);

/** Reads models of a Hub for a queue. */
export function modelPerformer(hub: Hub, atOnce: number): Performer {
  return { queue: "model", atOnce, perform: async (job) => performJob(hub, job), passing: PASSING };
}

/**
 * Does the work of a job: reads a model, without a key and without a registry.
 *
 * @returns what is kept of it: what its metadata are made of
 * @throws {ProvenanceError} as `inspectModel`; `OPTION_INVALID` for a job of another Hub, or of another version
 */
async function performJob(hub: Hub, job: unknown): Promise<unknown> {
  const parsed = workSchema.safeParse(job);
  if (!parsed.success)
    throw new ProvenanceError("OPTION_INVALID", "A job of the queue is of another version of this command.");
  const { endpoint, info, allowPrivate } = parsed.data;
  if (endpoint !== hub.endpoint) {
    const text = `A job asks the Hub at ${endpoint}, and this worker ${hub.endpoint}. Set HF_ENDPOINT alike.`;
    throw new ProvenanceError("OPTION_INVALID", text);
  }
  const { contents, facts, warnings } = await inspectInfo(hub, info, { allowPrivate });
  return { model: contents.model, facts, warnings };
}

/** Makes of a row what reading the model here would have given, as far as recording it takes that. */
export function fromResult(hub: Hub, { info }: ModelWork, value: unknown): InspectedModel {
  const { model, facts, warnings } = value as Pick<InspectedModel, "facts" | "warnings"> & {
    model: InspectedModel["contents"]["model"];
  };
  const snapshot = { hub, id: info.id, revision: info.revision };
  return { info, snapshot, facts, warnings, contents: { model, files: new Map(), kept: new Map() } };
}
