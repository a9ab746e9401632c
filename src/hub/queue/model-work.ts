import { z } from "zod";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import type { HubInfo } from "../hub-info.ts";
import type { Hub } from "../hub.ts";
import { type InspectedModel, inspectInfo } from "../inspect-model.ts";
import { hubAccount } from "./hub-account.ts";
import { type Performer, otherVersion } from "../../queue/worker.ts";
import type { ModelWork } from "./work-queue.ts";

const workSchema = z.object({
  version: z.string(),
  endpoint: z.string(),
  account: z.string(),
  info: z.string().transform((text) => JSON.parse(text) as HubInfo),
  allowPrivate: z.boolean(),
});

/** The Hub that is asked, and the version of this command that asks it: what is found depends on both. */
export interface Reader {
  readonly hub: Hub;
  readonly version: string;
}

/** Names a piece of work: the same commit of the same Hub is read once by a version. */
export function keyOfWork(
  { hub: { endpoint }, version }: Reader,
  { info: { id, revision }, allowPrivate }: ModelWork,
): string {
  return `${endpoint} ${id}@${revision}${allowPrivate ? " private" : ""}, version ${version}`;
}

/** Writes a piece of work as a job holds it. */
export function toJob({ hub, version }: Reader, { info, allowPrivate = false }: ModelWork): object {
  // As a text: the database would bring its members into another order, and the tables that are written of it.
  return { version, endpoint: hub.endpoint, account: hubAccount(hub), info: JSON.stringify(info), allowPrivate };
}

/** Faults of the way to the Hub: another worker, or a later try, may get through. */
const OF_THE_WAY = new Set<ProvenanceErrorCode>(["HUB_UNREACHABLE", "HUB_RATE_LIMITED"]);
/** What the Hub says to those who may not see a repository: who asked saw it, with a token of its own maybe. */
const OF_ACCESS = new Set<ProvenanceErrorCode>(["HUB_REPO_NOT_FOUND", "HUB_REPO_PRIVATE", "HUB_REPO_GATED"]);

/** Reads models of a Hub for a queue. */
export function modelPerformer(reader: Reader, atOnce: number): Performer {
  const account = hubAccount(reader.hub);
  return {
    queue: "model",
    atOnce,
    perform: async (job) => performJob(reader, job),
    isPassing: (code, job) =>
      OF_THE_WAY.has(code) || (OF_ACCESS.has(code) && workSchema.safeParse(job).data?.account !== account),
  };
}

/**
 * Does the work of a job: reads a model, without a key and without a registry.
 *
 * @returns what is kept of it: what its metadata are made of
 * @throws {ProvenanceError} as `inspectModel`; `WORKER_MISMATCHED` for a job of another Hub, or of another version
 */
async function performJob({ hub, version }: Reader, job: unknown): Promise<unknown> {
  const parsed = workSchema.safeParse(job).data;
  if (parsed?.version !== version) throw otherVersion(parsed?.version);
  const { endpoint, info, allowPrivate } = parsed;
  if (endpoint !== hub.endpoint) {
    const text = `A job asks the Hub at ${endpoint}, and this worker ${hub.endpoint}. Set HF_ENDPOINT alike, and give each Hub a database of its own.`;
    throw new ProvenanceError("WORKER_MISMATCHED", text);
  }
  const { contents, facts, warnings } = await inspectInfo(hub, info, { allowPrivate });
  return { model: contents.model, facts, warnings };
}

/** Makes of a row what reading the model here would have given, as far as recording it takes that. */
export function fromResult({ hub }: Pick<Reader, "hub">, { info }: ModelWork, value: unknown): InspectedModel {
  const { model, facts, warnings } = value as Pick<InspectedModel, "facts" | "warnings"> & {
    model: InspectedModel["contents"]["model"];
  };
  const snapshot = { hub, id: info.id, revision: info.revision };
  return { info, snapshot, facts, warnings, contents: { model, files: new Map(), kept: new Map() } };
}
