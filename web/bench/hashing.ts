import { hashFiles } from "../src/adapters/hashing/hash-files.ts";
import type { PeerTask } from "./peer-worker.ts";

// What bench/web/measure-hashing.ts calls: each hashes the files that were chosen, and answers with milliseconds.
const measures = {
  /** As the page does it. */
  page: async () => hashFiles(chosen().map((file) => ({ name: file.name, file }))),
  /** WebCrypto over leaves of 1 MiB, with all cores. */
  leaves: async () => {
    const files = chosen();
    const queue = files.values();
    const work = async () => {
      for (const file of queue) await ask({ kind: "leaves", file });
    };
    await Promise.all(Array.from({ length: Math.min(navigator.hardwareConcurrency, files.length) }, work));
  },
  /** hash-wasm alone: as many bytes, from memory. */
  wasm: async () => ask({ kind: "wasm", bytes: chosen().reduce((sum, { size }) => sum + size, 0) }),
};

Object.assign(window, {
  measure: async (name: keyof typeof measures) => {
    const start = performance.now();
    await measures[name]();
    return performance.now() - start;
  },
});

function chosen(): File[] {
  return [...(document.querySelector("input")?.files ?? [])];
}

async function ask(task: PeerTask): Promise<void> {
  const worker = new Worker(new URL("./peer-worker.ts", import.meta.url), { type: "module" });
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = reject;
      worker.postMessage(task);
    });
  } finally {
    worker.terminate();
  }
}
