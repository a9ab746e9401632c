import {
  type IndexEvent,
  type Registry,
  openIndexer,
  readHeadBlock,
  readIndexEvents,
  toCaip10,
} from "model-provenance-nft/core";
import type { ConfiguredRegistry } from "../state/registry-setting.ts";
import { STRINGS } from "../strings.ts";
import { openNamed } from "./open.ts";

const TEXT = STRINGS.indexes;

/** What the worker is asked: one registry, from a block on. The URL of its node is absolute. */
export interface IndexQuestion {
  readonly setting: ConfiguredRegistry;
  /** Undefined: the registry's first. */
  readonly fromBlock?: number;
  /** The URL of an indexer, which is asked for a list first. */
  readonly indexer?: string;
}

/** What it answers: what was read, step by step, and at the end that it is all, or why it is not. */
export type IndexAnswer =
  | {
      readonly kind: "events";
      readonly events: readonly IndexEvent[];
      readonly nextBlock: number;
      readonly head: number;
    }
  /** That the indexer has listed all that is before a block; what follows comes from events. */
  | { readonly kind: "listed"; readonly indexer: string; readonly nextBlock: number }
  /** That nothing of what the indexer listed counts, and why. */
  | { readonly kind: "refused"; readonly text: string }
  | { readonly kind: "done"; readonly nextBlock: number }
  | { readonly kind: "failed"; readonly text: string };

// A step is to hold what is shown soon, and not so little that most of the time is spent on asking.
const FIRST_STEP = 250;
const FEW_EVENTS = 500;
const MANY_EVENTS = 2_500;

const post = (answer: IndexAnswer) => postMessage(answer);

addEventListener("message", ({ data }: MessageEvent<IndexQuestion>) => {
  read(data).catch((error: unknown) => post({ kind: "failed", text: (error as Error).message }));
});

/** Events are decoded here, so that the page can be used meanwhile. */
async function read({ setting, fromBlock, indexer }: IndexQuestion): Promise<void> {
  const registry = await openNamed(setting);
  const listed = indexer === undefined ? undefined : await list(registry, indexer);
  const head = await readHeadBlock(registry);
  let next = fromBlock ?? registry.startBlock ?? 0;
  if (listed !== undefined && listed.block <= head) {
    next = listed.block + 1;
    post({ kind: "listed", indexer: listed.name, nextBlock: next });
  } else if (listed !== undefined) {
    post({ kind: "refused", text: TEXT.ahead(listed.name, String(listed.block), String(head)) });
  }
  for (let step = FIRST_STEP; next <= head;) {
    let count = 0;
    const toBlock = Math.min(next + step - 1, head);
    for await (const range of readIndexEvents(registry, { fromBlock: next, toBlock })) {
      count += range.items.length;
      next = range.toBlock + 1;
      post({ kind: "events", events: range.items, nextBlock: next, head });
    }
    if (count < FEW_EVENTS) step *= 2;
    else if (count > MANY_EVENTS) step = Math.max(1, Math.floor(step / 2));
  }
  post({ kind: "done", nextBlock: next });
}

/** Takes the list of an indexer; undefined where it gives none, which is said. */
async function list(registry: Registry, url: string) {
  const warn = (text: string) => post({ kind: "refused", text });
  const indexer = openIndexer(url, { warn });
  const nextBlock = registry.startBlock ?? 0;
  const block = await indexer.listModels(toCaip10(registry), (models) => {
    const events = models.map((model): IndexEvent => ({ kind: "model", model }));
    post({ kind: "events", events, nextBlock, head: nextBlock });
  });
  return block === undefined ? undefined : { block, name: indexer.name };
}
