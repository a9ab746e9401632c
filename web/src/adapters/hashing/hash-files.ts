import { type FilePieces, ProvenanceError } from "model-provenance-nft/core";
import type { PickedFile } from "../picked-files.ts";
import type { FileDigest } from "./digest-file.ts";
import type { HashReply, HashTask } from "./hash-worker.ts";

/** Options of {@link hashFiles}. */
export interface HashFilesOptions {
  readonly onBytes?: (bytes: number) => void;
  /** Pieces of files that get digests of their own in the same pass, by the names of the files. */
  readonly pieces?: ReadonlyMap<string, FilePieces>;
  /** Whether each MiB gets a digest of its own, in the same pass: with them the CID is computed. */
  readonly withLeaves?: boolean;
  /** Stops at once. */
  readonly signal?: AbortSignal;
}

// Many small files share a message to a worker.
const TASK_BYTES = 16 * 1024 * 1024;
const TASK_FILES = 512;
const MAX_WORKERS = 8;

/**
 * Computes the SHA-256 of files in workers, as many as there are cores. No byte of them leaves this page.
 *
 * @returns the digests of each, in the order of the files
 * @throws {ProvenanceError} `MODEL_CHANGED`, `MODEL_UNREADABLE`; the signal's reason
 */
export async function hashFiles(
  files: readonly PickedFile[],
  { onBytes = () => undefined, pieces, withLeaves = false, signal }: HashFilesOptions = {},
): Promise<FileDigest[]> {
  signal?.throwIfAborted();
  const tasks = planTasks(files);
  const digests = new Array<FileDigest>(files.length);
  const count = Math.max(1, Math.min(MAX_WORKERS, navigator.hardwareConcurrency || 1, tasks.length));
  const workers = Array.from({ length: count }, () => {
    return new Worker(new URL("./hash-worker.ts", import.meta.url), { type: "module" });
  });
  const stopped = new Promise<never>((_, reject) => {
    signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  try {
    const queue = tasks.values();
    const work = async (worker: Worker) => {
      for (const task of queue) {
        const taken = task.map((i) => files[i] as PickedFile);
        const asked: HashTask = {
          files: taken.map(({ file }) => file),
          pieces: taken.map(({ name }) => pieces?.get(name)),
          withLeaves,
        };
        const found = await ask(worker, asked, onBytes, (place) => taken[place]?.name ?? "");
        task.forEach((i, place) => (digests[i] = found[place] as FileDigest));
      }
    };
    await Promise.race([Promise.all(workers.map(work)), stopped]);
    return digests;
  } finally {
    for (const worker of workers) worker.terminate();
  }
}

/** Which files are hashed together: the largest first, so that no worker is left with one in the end. */
function planTasks(files: readonly PickedFile[]): number[][] {
  const order = files.map((_, i) => i).sort((a, b) => sizeOf(files, b) - sizeOf(files, a));
  const tasks: number[][] = [];
  let bytes = Infinity;
  for (const i of order) {
    const size = sizeOf(files, i);
    const last = tasks.at(-1);
    if (last === undefined || bytes + size > TASK_BYTES || last.length >= TASK_FILES) {
      tasks.push([i]);
      bytes = size;
    } else {
      last.push(i);
      bytes += size;
    }
  }
  return tasks;
}

function sizeOf(files: readonly PickedFile[], i: number): number {
  return files[i]?.file.size ?? 0;
}

async function ask(
  worker: Worker,
  task: HashTask,
  onBytes: (bytes: number) => void,
  nameOf: (place: number) => string,
) {
  return new Promise<readonly FileDigest[]>((resolve, reject) => {
    worker.onerror = () =>
      reject(new ProvenanceError("MODEL_UNREADABLE", "The worker that hashes could not be started."));
    worker.onmessage = ({ data }: MessageEvent<HashReply>) => {
      if (data.kind === "bytes") onBytes(data.bytes);
      else if (data.kind === "done") resolve(data.digests);
      else reject(unreadable(nameOf(data.file), data.name));
    };
    worker.postMessage(task);
  });
}

/** Of a file that was written since it was picked a browser says that it cannot be read. */
function unreadable(name: string, reason: string): ProvenanceError {
  const text = `${name} cannot be read (${reason}): it was changed, moved or removed since it was picked. Pick it again.`;
  return new ProvenanceError("MODEL_CHANGED", text);
}
