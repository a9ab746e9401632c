import type { OpenedModel } from "../engine/read-model.ts";

/** A model as it was read, and when. */
export interface KeptModel {
  readonly opened: OpenedModel;
  /** Milliseconds since 1970. */
  readonly readAt: number;
  /** Why it could not be read again. */
  readonly problem?: string;
}

const DATABASE = "model-provenance";
const TABLE = "models";

/** Keeps what was read, so that it can be looked at without a network. Where nothing may be kept, nothing is. */
export async function keepModel(kept: KeptModel): Promise<void> {
  const { registry, tokenId } = kept.opened;
  await run("readwrite", (table) => table.put(kept, keyOf(registry, tokenId))).catch(() => undefined);
}

/** What was kept of a model. */
export async function readKept(registry: string, tokenId: string): Promise<KeptModel | undefined> {
  return run("readonly", (table) => table.get(keyOf(registry, tokenId)) as IDBRequest<KeptModel | undefined>).catch(
    () => undefined,
  );
}

function keyOf(registry: string, tokenId: string): string {
  return `${registry}/${tokenId}`.toLowerCase();
}

async function run<T>(mode: IDBTransactionMode, work: (table: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await settled(openDatabase());
  try {
    return await settled(work(database.transaction(TABLE, mode).objectStore(TABLE)));
  } finally {
    database.close();
  }
}

function openDatabase(): IDBOpenDBRequest {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(TABLE);
  return request;
}

async function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}
