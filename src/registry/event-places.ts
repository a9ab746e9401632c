import type { BlockRange } from "./block-ranges.ts";

/** Where events may be, as an indexer says. What lies elsewhere below `upTo` is not looked for. */
export interface EventPlaces {
  /** Numbers of blocks. */
  readonly blocks: readonly number[];
  /** All after this block is looked through. */
  readonly upTo: number;
}

// As many blocks as most nodes search at once: one search for places that lie so near to each other.
const SPAN = 10_000;

/** The parts of a range in which such events may be, in ascending order; never more of them than ranges that hold all. */
export function partsOf({ fromBlock, toBlock }: BlockRange, places: EventPlaces | undefined): BlockRange[] {
  if (places === undefined) return [{ fromBlock, toBlock }];
  const rest = Math.min(Math.max(places.upTo + 1, fromBlock), toBlock + 1);
  const parts: { fromBlock: number; toBlock: number }[] = [];
  const named = places.blocks.filter((block) => block >= fromBlock && block < rest);
  for (const block of [...new Set(named)].sort((a, b) => a - b)) {
    const last = parts.at(-1);
    if (last !== undefined && block - last.fromBlock < SPAN) last.toBlock = block;
    else parts.push({ fromBlock: block, toBlock: block });
  }
  if (rest <= toBlock) parts.push({ fromBlock: rest, toBlock });
  return parts;
}
