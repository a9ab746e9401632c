import { type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { type RegistryIndex, applyIndexEvent, createRegistryIndex } from "model-provenance-nft/core";
import type { IndexAnswer, IndexQuestion } from "../engine/index-worker.ts";
import { type ConfiguredRegistry, accountOf, keyOf } from "./registry-setting.ts";

/** How far the events of a registry were read. */
export interface Progress {
  readonly state: "reading" | "done" | "failed";
  readonly models: number;
  /** The first block that was not read yet, and the newest there is; undefined before the node answered. */
  readonly nextBlock?: number;
  readonly head?: number;
  /** Why it failed, in a sentence. */
  readonly fault?: string;
  /** The indexer that listed the models, and up to which block; absent where all is from events. */
  readonly listed?: { readonly indexer: string; readonly nextBlock: number } | undefined;
  /** Why the indexer is not used, in a sentence. */
  readonly refused?: string;
}

/** What the events of a registry say, as far as they were read. */
export interface ReadIndex {
  readonly setting: ConfiguredRegistry;
  /** CAIP-10. */
  readonly account: string;
  /** Grows while it is read; {@link progress} says when. Another one after what an indexer listed was dropped. */
  readonly index: RegistryIndex;
  readonly progress: ReadonlySignal<Progress>;
}

interface Reading extends ReadIndex {
  index: RegistryIndex;
  readonly progress: Signal<Progress>;
  worker?: Worker;
}

const readings = new Map<string, Reading>();

/**
 * Reads the events of registries in the background, those that were read before from where that ended. They stay as long as
 * the page is open.
 *
 * @param indexer - the URL of one that lists the models, so that only younger events are read; such an index knows no parents
 */
export function readIndexes(settings: readonly ConfiguredRegistry[], indexer?: string): readonly ReadIndex[] {
  return settings.map((setting) => {
    const key = [keyOf(setting), setting.rpcUrl, indexer].join(" ");
    const reading = readings.get(key) ?? startNothing(setting);
    readings.set(key, reading);
    if (reading.worker === undefined) start(reading, indexer);
    return reading;
  });
}

/** Drops what an indexer listed, and reads the events in its place. @param refused - why */
export function dropListed(read: ReadIndex, refused: string): void {
  const reading = read as Reading;
  reading.worker?.terminate();
  delete reading.worker;
  forget(reading, refused);
  start(reading);
}

function forget(reading: Reading, refused: string): void {
  reading.index = createRegistryIndex(reading.setting.startBlock);
  reading.progress.value = { state: "reading", models: 0, refused };
}

function startNothing(setting: ConfiguredRegistry): Reading {
  return {
    setting,
    account: accountOf(setting),
    index: createRegistryIndex(setting.startBlock),
    progress: signal<Progress>({ state: "reading", models: 0 }),
  };
}

function start(reading: Reading, indexer?: string): void {
  const { setting, progress } = reading;
  const worker = new Worker(new URL("../engine/index-worker.ts", import.meta.url), { type: "module" });
  reading.worker = worker;
  const say = (change: Partial<Progress>) =>
    (progress.value = { ...progress.value, models: reading.index.models.size, ...change });
  const end = (change: Partial<Progress>) => {
    worker.terminate();
    delete reading.worker;
    say(change);
  };
  say({ state: "reading" });
  worker.addEventListener("message", ({ data }: MessageEvent<IndexAnswer>) => {
    const { index } = reading;
    switch (data.kind) {
      case "events":
        for (const event of data.events) applyIndexEvent(index, event);
        index.nextBlock = data.nextBlock;
        say({ nextBlock: data.nextBlock, head: data.head });
        return;
      case "listed":
        index.nextBlock = data.nextBlock;
        say({ listed: { indexer: data.indexer, nextBlock: data.nextBlock } });
        return;
      case "refused":
        forget(reading, data.text);
        return;
      case "done":
        index.nextBlock = data.nextBlock;
        end({ state: "done", nextBlock: data.nextBlock });
        return;
      case "failed":
        end({ state: "failed", fault: data.text });
    }
  });
  worker.addEventListener("error", (event) => end({ state: "failed", fault: event.message }));
  const rpcUrl = setting.rpcUrl && new URL(setting.rpcUrl, location.href).href;
  const isBegun = progress.peek().nextBlock !== undefined;
  const question: IndexQuestion = {
    setting: { ...setting, rpcUrl },
    ...(isBegun ? { fromBlock: reading.index.nextBlock } : indexer !== undefined && { indexer }),
  };
  worker.postMessage(question);
}
