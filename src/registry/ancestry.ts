import { mapAtOnce } from "../base/concurrency.ts";
import { ProvenanceError } from "../base/errors.ts";
import { readNodeError } from "../base/node/node-error.ts";
import { toChainError } from "./chain-error.ts";
import { type ModelRecord, STATUSES, type Status, readModelRecord } from "./model-record.ts";
import type { Registry } from "./registry.ts";

/** What is said of a model and of all its ancestors in its registry. */
export interface LineageStatus {
  readonly worst: Status;
  /** The nearest model that has it; the first one asked for where all are active. */
  readonly causeId: bigint;
}

// The contract refuses more, and a node spends only so much gas on a call.
const MAX_VISITS = 100_000;
const CALLS_AT_ONCE = 8;

/**
 * The worst status among models and all their ancestors: as the contract finds it, else, where the ancestry is too long for
 * one call, by a walk.
 *
 * @param tokenIds - at least one
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readLineageStatus(registry: Registry, tokenIds: readonly bigint[]): Promise<LineageStatus> {
  try {
    const answers = await mapAtOnce(tokenIds, CALLS_AT_ONCE, async (id) => {
      const { worst, causeId } = await registry.contract.lineageStatus(id, MAX_VISITS);
      return { worst: STATUSES[Number(worst)] as Status, causeId };
    });
    return worstOf(answers);
  } catch (error) {
    // A call that ran out of gas fails in as many ways as there are nodes; one that was not answered is another thing.
    if (["reverted", "refused", "slow"].includes(readNodeError(error).kind)) return walk(registry, tokenIds);
    throw toChainError(error, registry.contract.interface);
  }
}

/** The worst of several, the first of equals. */
export function worstOf(statuses: readonly LineageStatus[]): LineageStatus {
  return statuses.reduce((a, b) => (STATUSES.indexOf(b.worst) > STATUSES.indexOf(a.worst) ? b : a));
}

/** Reads one generation after the other, so that the depth of the lineage takes no stack. */
async function walk(registry: Registry, tokenIds: readonly bigint[]): Promise<LineageStatus> {
  const seen = new Set(tokenIds);
  let found: LineageStatus = { worst: "active", causeId: tokenIds[0] as bigint };
  for (let generation = [...seen]; generation.length > 0;) {
    const records = await mapAtOnce(generation, CALLS_AT_ONCE, async (id) => readExisting(registry, id));
    found = worstOf([found, ...records.map(({ status, tokenId }) => ({ worst: status, causeId: tokenId }))]);
    const parents = [...new Set(records.flatMap((record) => record.parents))].filter((id) => !seen.has(id));
    for (const id of parents) seen.add(id);
    if (seen.size > MAX_VISITS) {
      throw new ProvenanceError("CHAIN_UNREACHABLE", `There are more than ${MAX_VISITS} ancestors: not all were read.`);
    }
    generation = parents;
  }
  return found;
}

async function readExisting(registry: Registry, id: bigint): Promise<ModelRecord> {
  const record = await readModelRecord(registry, id);
  if (record !== undefined) return record;
  throw new ProvenanceError("CHAIN_UNREACHABLE", `The node has lost the parent ${id}. Ask another.`);
}
