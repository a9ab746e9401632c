import type { Hub } from "../hub.ts";
import type { HubInfo } from "../hub-info.ts";
import type { Seal, SealRequest } from "../../queue/sealer.ts";
import { type InspectOptions, type InspectedModel, inspectInfo } from "../inspect-model.ts";

/** A model that is to be read: a commit of a repository, of which the Hub said already what it is. */
export interface ModelWork extends InspectOptions {
  readonly info: HubInfo;
}

/**
 * Where models are read: by this process, or by workers on whatever machines. What comes back depends on the model alone, so
 * that it does not matter who read it, nor how often.
 */
export interface WorkQueue {
  /** How many pieces of work are asked for at a time, unless the user says so. */
  readonly atOnce: number;
  /**
   * Has a model read.
   *
   * @throws {ProvenanceError} as `inspectModel`, wherever it was read; `QUEUE_UNREACHABLE`
   */
  readonly inspect: (work: ModelWork) => Promise<InspectedModel>;
  /** Waits until nobody else who shares the queue records for this account, and keeps others waiting until it is given back. */
  readonly holdSeal?: (request: SealRequest) => Promise<Seal>;
}

/** Models that this process reads at a time. */
const LOCAL_AT_ONCE = 8;

/** Reads everything in this process: nothing has to be installed, and nothing to be running. */
export function localQueue(hub: Hub): WorkQueue {
  return {
    atOnce: LOCAL_AT_ONCE,
    inspect: async ({ info, ...options }) => inspectInfo(hub, info, options),
  };
}
