import { mapAtOnce } from "../../base/concurrency.ts";
import type { Hex } from "../../base/hex.ts";
import { type Anchor, readAnchor } from "./anchors.ts";
import { collectRanges } from "../block-ranges.ts";
import { type ReadEventsOptions, readEvents } from "../read-events.ts";
import type { Registry } from "../registry.ts";

/** A batch, with what was emitted when it was anchored. */
export interface ListedBatch extends Anchor {
  /** The digest inside the CID of the folder with the batch's submissions and proofs. */
  readonly contentDigest: Hex;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

const CALLS_AT_ONCE = 8;

/** Which batches are listed; those of everybody where no creator is named. */
export interface ListBatchesOptions extends ReadEventsOptions {
  readonly creator?: string;
}

/**
 * Lists the batches of a registry, oldest first, with their times and what is said of them now.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function listBatches(
  registry: Registry,
  { creator, ...options }: ListBatchesOptions = {},
): Promise<ListedBatch[]> {
  const filter = registry.contract.filters.BatchAnchored(undefined, creator);
  const events = await collectRanges(readEvents(registry, filter, options));
  const batches = await mapAtOnce(events, CALLS_AT_ONCE, async ({ args, blockNumber, transactionHash }) => {
    const anchor = await readAnchor(registry, args.root as Hex, args.creator);
    return anchor && { ...anchor, contentDigest: args.contentDigest as Hex, blockNumber, transactionHash };
  });
  return batches.filter((batch) => batch !== undefined);
}
