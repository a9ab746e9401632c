import type { TypedContractEvent, TypedDeferredTopicFilter, TypedEventLog } from "../../typechain-types/common.ts";
import { EventFragment, type Interface, type Result } from "ethers";
import { type BlockRange, type RangeResult, type ReadRangesOptions, readRanges } from "./block-ranges.ts";
import { type EventPlaces, partsOf } from "./event-places.ts";
import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** Which blocks are searched: from the registry's first to the newest unless said otherwise. */
export type ReadEventsOptions = Partial<ReadRangesOptions> & {
  /** Where in these blocks something may be, where that is known; else all are searched. */
  readonly places?: EventPlaces | undefined;
};

/**
 * Reads events of a registry in the order of the chain, in ranges that the node allows.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function* readEvents<Event extends TypedContractEvent>(
  { contract, provider, startBlock }: Registry,
  filter: TypedDeferredTopicFilter<Event>,
  options: ReadEventsOptions = {},
): AsyncGenerator<RangeResult<TypedEventLog<Event>>, void> {
  try {
    const range = {
      ...options,
      fromBlock: options.fromBlock ?? startBlock ?? 0,
      toBlock: options.toBlock ?? (await provider.getBlockNumber()),
    };
    yield* readParts(async ({ fromBlock, toBlock }) => contract.queryFilter(filter, fromBlock, toBlock), range);
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

async function* readParts<T>(
  search: (range: BlockRange) => Promise<readonly T[]>,
  { places, ...options }: ReadRangesOptions & Pick<ReadEventsOptions, "places">,
): AsyncGenerator<RangeResult<T>, void> {
  for (const part of partsOf(options, places)) yield* readRanges(search, { ...options, ...part });
}

/** A contract that emits events. */
export interface EventSource extends Pick<Registry, "address" | "provider" | "startBlock"> {
  readonly contract: { readonly interface: Interface };
}

/** An event, whichever it is. */
export interface AnyEvent {
  readonly name: string;
  readonly args: Result;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/**
 * Reads events of several kinds at once, in the order of the chain, in ranges that the node allows.
 *
 * @param topics - as `eth_getLogs` takes them: for each place one, several of which any, or null for all
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function* readLogs(
  { address, contract, provider, startBlock }: EventSource,
  topics: readonly (string | string[] | null)[],
  options: ReadEventsOptions = {},
): AsyncGenerator<RangeResult<AnyEvent>, void> {
  // parseLog would hash the signatures of all events for each log: 3 s for 4 000 of them.
  const events = new Map(
    contract.interface.fragments
      .filter((fragment) => EventFragment.isFragment(fragment))
      .map((event) => [event.topicHash, event]),
  );
  const search = async (range: BlockRange): Promise<AnyEvent[]> => {
    const logs = await provider.getLogs({ address, topics: [...topics], ...range });
    return logs.flatMap(({ topics: found, data, blockNumber, transactionHash }) => {
      const event = events.get(found[0] ?? "");
      if (event === undefined) return [];
      const args = contract.interface.decodeEventLog(event, data, found);
      return [{ name: event.name, args, blockNumber, transactionHash }];
    });
  };
  try {
    const fromBlock = options.fromBlock ?? startBlock ?? 0;
    const toBlock = options.toBlock ?? (await provider.getBlockNumber());
    yield* readParts(search, { ...options, fromBlock, toBlock });
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/** The first block whose timestamp is at or after a time (Unix, in seconds), by bisection. */
export async function firstBlockAt({ provider, startBlock }: Registry, time: number): Promise<number> {
  let low = startBlock ?? 0;
  let high = await provider.getBlockNumber();
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const block = await provider.getBlock(middle);
    if ((block?.timestamp ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
