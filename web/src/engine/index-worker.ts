import { type IndexEvent, readHeadBlock, readIndexEvents } from "model-provenance-nft/core";
import type { ConfiguredRegistry } from "../state/registry-setting.ts";
import { openNamed } from "./open.ts";

/** What the worker is asked: one registry, from a block on. The URL of its node is absolute. */
export interface IndexQuestion {
  readonly setting: ConfiguredRegistry;
  /** Undefined: the registry's first. */
  readonly fromBlock?: number;
}

/** What it answers: what was read, step by step, and at the end that it is all, or why it is not. */
export type IndexAnswer =
  | {
      readonly kind: "events";
      readonly events: readonly IndexEvent[];
      readonly nextBlock: number;
      readonly head: number;
    }
  | { readonly kind: "done"; readonly nextBlock: number }
  | { readonly kind: "failed"; readonly text: string };

// A step is to hold what is shown soon, and not so little that most of the time is spent on asking.
const FIRST_STEP = 2_000;
const FEW_EVENTS = 1_000;
const MANY_EVENTS = 4_000;

const post = (answer: IndexAnswer) => postMessage(answer);

addEventListener("message", ({ data }: MessageEvent<IndexQuestion>) => {
  read(data).catch((error: unknown) => post({ kind: "failed", text: (error as Error).message }));
});

/** Events are decoded here, so that the page can be used meanwhile. */
async function read({ setting, fromBlock }: IndexQuestion): Promise<void> {
  const registry = await openNamed(setting);
  const head = await readHeadBlock(registry);
  let next = fromBlock ?? registry.startBlock ?? 0;
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
