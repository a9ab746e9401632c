import { setTimeout as sleep } from "node:timers/promises";
import type { AskPonder } from "../ask-ponder.ts";
import { type BatchProof, type BlockSource, ProvenanceError, listBatchProofs, readMetadata } from "../library.ts";
import type { Batch, Documents } from "./documents.ts";
import type { Cursor, Task, Tasks } from "./tasks.ts";

/** What the worker reads from, and where it keeps what it read. */
export interface WorkerContext {
  readonly chains: readonly { readonly chainId: number }[];
  readonly ask: AskPonder;
  readonly source: BlockSource;
  readonly documents: Documents;
  readonly tasks: Tasks;
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

const PAUSE = 2000;
const AT_ONCE = 8;
const TASKS = 200;
const ROWS = 500;
const PAGE = 1000;
const MAX_PAGE = 2 * 1024 * 1024;
// Younger blocks may be replaced, and what comes instead stands where the worker has been: more than any chain's finality.
const LOOK_BACK = 300;
const KINDS = { document: "documents", batch: "anchors" } as const;

/** Reads what the events name, as it comes: metadata by their digests, and the directories of batches. */
export async function runWorker(context: WorkerContext): Promise<void> {
  const { signal, log } = context;
  while (!signal.aborted) {
    const hasMore = await goOn(context).catch((error: unknown) => {
      if (!signal.aborted) log(`documents: ${(error as Error).message}`);
      return false;
    });
    if (!hasMore) await sleep(PAUSE, undefined, { signal }).catch(() => undefined);
  }
}

/** @returns whether there is more to do at once */
async function goOn(context: WorkerContext): Promise<boolean> {
  let hasMore = false;
  for (const { chainId } of context.chains) {
    for (const kind of ["document", "batch"] as const) hasMore = (await collect(kind, chainId, context)) || hasMore;
  }
  const tasks = await context.tasks.take(TASKS);
  const queue = tasks.values();
  const work = async () => {
    for (const task of queue) if (!context.signal.aborted) await perform(task, context);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return hasMore || tasks.length === TASKS;
}

interface Item extends Partial<Batch> {
  readonly block: number;
  readonly logIndex: number;
  readonly metadataDigest?: string;
}

/** Notes what stands on one page of a chain's events. @returns whether there is another page */
async function collect(kind: Task["kind"], chainId: number, { ask, tasks }: WorkerContext): Promise<boolean> {
  const cursor = await tasks.readCursor(kind, chainId);
  const path = `/pages/${KINDS[kind]}?chain=${chainId}&block=${cursor.block}&log=${cursor.log}&limit=${PAGE}`;
  const { status, text } = await ask(path, MAX_PAGE);
  if (status !== 200) throw new Error(`the index answers ${status}`);
  const { items } = JSON.parse(text) as { items: Item[] };
  await tasks.put(items.map(kind === "document" ? toDocumentTask : toBatchTask));
  const last = items.at(-1);
  const isLast = items.length < PAGE;
  const reached: Cursor = last === undefined ? cursor : { block: last.block, log: last.logIndex };
  // At the end the next look begins a little before it; nothing is noted twice.
  const next = isLast ? { block: Math.max(0, reached.block - LOOK_BACK), log: 0 } : reached;
  await tasks.writeCursor(kind, chainId, next);
  return !isLast;
}

function toDocumentTask({ metadataDigest }: Item): Task {
  return { kind: "document", key: metadataDigest as string, place: {} };
}

function toBatchTask({ registry, root, creator, contentDigest }: Item): Task {
  return { kind: "batch", key: `${registry}/${root}/${creator}`, place: { registry, root, creator, contentDigest } };
}

async function perform(task: Task, { source, documents, tasks }: WorkerContext): Promise<void> {
  try {
    if (task.kind === "batch") await readBatch(task.place as unknown as Batch, source, documents, tasks);
    else await documents.add(task.key, await readMetadata(task.key as `0x${string}`, source));
    await tasks.done(task);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    await tasks.fail(task, error.message);
  }
}

/** Reads the directory of a batch, and notes the metadata of its models. One that stops in the middle begins anew. */
async function readBatch(batch: Batch, source: BlockSource, documents: Documents, tasks: Tasks): Promise<void> {
  let proofs: BatchProof[] = [];
  const keep = async () => {
    await documents.addAnchored(batch, proofs);
    await tasks.put(
      proofs.map(({ submission }) =>
        toDocumentTask({ block: 0, logIndex: 0, metadataDigest: submission.metadataDigest.toLowerCase() }),
      ),
    );
    proofs = [];
  };
  for await (const proof of listBatchProofs(batch, source)) {
    proofs.push(proof);
    if (proofs.length === ROWS) await keep();
  }
  await keep();
}
