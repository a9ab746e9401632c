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
}

/** What the events of a registry say, as far as they were read. */
export interface ReadIndex {
  readonly setting: ConfiguredRegistry;
  /** CAIP-10. */
  readonly account: string;
  /** Grows while it is read; {@link progress} says when. */
  readonly index: RegistryIndex;
  readonly progress: ReadonlySignal<Progress>;
}

interface Reading extends ReadIndex {
  readonly progress: Signal<Progress>;
  worker?: Worker;
}

const readings = new Map<string, Reading>();

/**
 * Reads the events of registries in the background, those that were read before from where that ended. They stay as long as
 * the page is open.
 */
export function readIndexes(settings: readonly ConfiguredRegistry[]): readonly ReadIndex[] {
  return settings.map((setting) => {
    const key = `${keyOf(setting)} ${setting.rpcUrl}`;
    const reading = readings.get(key) ?? startNothing(setting);
    readings.set(key, reading);
    if (reading.worker === undefined) start(reading);
    return reading;
  });
}

function startNothing(setting: ConfiguredRegistry): Reading {
  return {
    setting,
    account: accountOf(setting),
    index: createRegistryIndex(setting.startBlock),
    progress: signal<Progress>({ state: "reading", models: 0 }),
  };
}

function start(reading: Reading): void {
  const { setting, index, progress } = reading;
  const worker = new Worker(new URL("../engine/index-worker.ts", import.meta.url), { type: "module" });
  reading.worker = worker;
  const say = (change: Partial<Progress>) =>
    (progress.value = { ...progress.value, models: index.models.size, ...change });
  const end = (change: Partial<Progress>) => {
    worker.terminate();
    delete reading.worker;
    say(change);
  };
  say({ state: "reading" });
  worker.addEventListener("message", ({ data }: MessageEvent<IndexAnswer>) => {
    switch (data.kind) {
      case "events":
        for (const event of data.events) applyIndexEvent(index, event);
        index.nextBlock = data.nextBlock;
        say({ nextBlock: data.nextBlock, head: data.head });
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
  const question: IndexQuestion = { setting: { ...setting, rpcUrl }, ...(isBegun && { fromBlock: index.nextBlock }) };
  worker.postMessage(question);
}
