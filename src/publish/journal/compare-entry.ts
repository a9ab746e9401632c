import { ProvenanceError } from "../../base/errors.ts";
import { isDevelopmentChain } from "../../registry/development-chain.ts";
import type { BatchEntry, CallEntry, ModelEntry } from "./journal-schema.ts";

/** What a journal may say. */
export type AnyEntry = ModelEntry | BatchEntry | CallEntry;

/**
 * Compares what was kept with what is to be done: the same, something else, the same on a development chain that was started again
 * since, or on a chain that only has the same id.
 */
export function compareEntry(kept: AnyEntry, fresh: AnyEntry): "same" | "other" | "restarted" | "foreign" {
  if (subjectOf(kept) !== subjectOf(fresh)) return "other";
  if (kept.genesis === undefined || fresh.genesis === undefined || kept.genesis === fresh.genesis) return "same";
  return isDevelopmentChain(BigInt(fresh.chainId)) ? "restarted" : "foreign";
}

/** What to say of a journal that is of another chain. */
export function foreignState(place: string, { chainId }: AnyEntry): ProvenanceError {
  return new ProvenanceError(
    "CHAIN_MISMATCH",
    `The journal ${place} was written for a chain with the id ${chainId} and another first block. Check the RPC URL.`,
  );
}

function subjectOf(entry: AnyEntry): string {
  const what =
    "call" in entry ? `${entry.from} ${entry.call}` : "modelDigests" in entry ? entry.batch : entry.modelDigest;
  return `${entry.chainId} ${entry.registry} ${what}`.toLowerCase();
}
