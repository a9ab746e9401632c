import { ProvenanceError } from "../base/errors.ts";
import { type NodeErrorKind, readNodeError } from "../base/node/node-error.ts";

/** Blocks, the last one included. */
export interface BlockRange {
  readonly fromBlock: number;
  readonly toBlock: number;
}

/** What was found in a range of blocks. */
export interface RangeResult<T> extends BlockRange {
  readonly items: readonly T[];
}

/** How far and how long is searched. */
export interface ReadRangesOptions extends BlockRange {
  /** Give up after so many requests; a search that begins at the wrong block would go on for hours. */
  readonly maxRequests?: number;
  /**
   * Called once, when the node refuses to search all blocks at once: the block to begin with then. What lies before
   * it is not searched, so it must be known to hold nothing.
   */
  readonly startWhenRefused?: () => Promise<number>;
}

const DEFAULT_MAX_REQUESTS = 20_000;
// The widest range that is tried after the whole was refused; public nodes allow from 10 to 100 000 blocks.
const FIRST_SPAN = 10_000;
// A range that was refused may have held many events: after so many that were not, a wider one is tried again.
const SUCCESSES_BEFORE_WIDER = 64;
// Narrower ranges may help against these, but not for ever: each takes long. So the next one is much narrower.
const MAX_IN_A_ROW: Partial<Record<NodeErrorKind, number>> = { slow: 3, oversized: 5 };
const COSTLY_DIVISOR = 8;

/**
 * Searches blocks in ascending order: all at once where the node allows it, else in ranges as wide as it answers.
 *
 * @param search - what is found in a range; it rejects where the range is too wide
 * @returns the ranges, without gaps; whoever stops after one may go on with the block after its last
 * @throws {ProvenanceError} what `search` last threw where even one block is refused; `CHAIN_UNREACHABLE` after maxRequests
 */
export async function* readRanges<T>(
  search: (range: BlockRange) => Promise<readonly T[]>,
  { fromBlock, toBlock, maxRequests = DEFAULT_MAX_REQUESTS, startWhenRefused }: ReadRangesOptions,
): AsyncGenerator<RangeResult<T>, void> {
  const width = new RangeWidth(toBlock - fromBlock + 1);
  let isRefused = false;
  let requests = 0;
  for (let next = fromBlock; next <= toBlock;) {
    if (++requests > maxRequests) throw tooMany(next, toBlock, maxRequests);
    const range = { fromBlock: next, toBlock: Math.min(next + width.blocks - 1, toBlock) };
    try {
      const items = await search(range);
      width.widen();
      next = range.toBlock + 1;
      yield { ...range, items };
    } catch (error) {
      width.narrow(error, range.toBlock - range.fromBlock + 1);
      if (!isRefused && startWhenRefused) next = Math.max(next, await startWhenRefused());
      isRefused = true;
    }
  }
}

/** Joins what {@link readRanges} finds. Errors as there. */
export async function collectRanges<T>(ranges: AsyncIterable<RangeResult<T>>): Promise<T[]> {
  const items: T[] = [];
  for await (const range of ranges) for (const item of range.items) items.push(item);
  return items;
}

/** How many blocks a node searches at once, as learned from its answers. */
class RangeWidth {
  #blocks: number;
  /** The narrowest range that was refused; zero where none was. */
  #refused = 0;
  /** The widest range that was answered. */
  #answered = 0;
  #successes = 0;
  readonly #inARow = new Map<NodeErrorKind, number>();

  constructor(blocks: number) {
    this.#blocks = blocks;
  }

  get blocks(): number {
    return this.#blocks;
  }

  widen(): void {
    this.#inARow.clear();
    this.#answered = this.#blocks;
    if (++this.#successes % SUCCESSES_BEFORE_WIDER === 0) this.#refused = 0;
    const middle = Math.floor((this.#blocks + this.#refused) / 2);
    if (this.#refused === 0) this.#blocks *= 2;
    else if (middle - this.#blocks > this.#blocks / 8) this.#blocks = middle;
  }

  /** Throws the error where narrower ranges cannot help. */
  narrow(error: unknown, refused: number): void {
    const { kind } = readNodeError(error);
    const count = (this.#inARow.get(kind) ?? 0) + 1;
    this.#inARow.set(kind, count);
    if (refused === 1 || !mayHelp(kind) || count >= (MAX_IN_A_ROW[kind] ?? Infinity)) throw error;
    const isStep = this.#answered > 0 && this.#answered < refused;
    const divisor = kind in MAX_IN_A_ROW ? COSTLY_DIVISOR : 2;
    const narrower = isStep ? this.#answered : Math.min(Math.floor(refused / divisor), FIRST_SPAN);
    this.#blocks = Math.max(1, narrower);
    this.#refused = refused;
    this.#answered = 0;
  }
}

/** Whether an error may be one of a range that is too wide. A node that takes no more requests says nothing of ranges. */
function mayHelp(kind: NodeErrorKind): boolean {
  return kind === "refused" || kind === "slow" || kind === "oversized";
}

function tooMany(next: number, toBlock: number, maxRequests: number): ProvenanceError {
  return new ProvenanceError(
    "CHAIN_UNREACHABLE",
    `After ${maxRequests} searches for events, blocks ${next} to ${toBlock} are left: the node allows only few blocks ` +
      "at once. Use one that allows more, or name the block of the registry's deployment in the registries file.",
  );
}
