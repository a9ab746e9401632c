/** Things that a browser keeps, by their keys. What it keeps any page of the same origin can read: no secret belongs here. */
export interface IndexedTable<T> {
  readonly get: (key: string) => Promise<T | undefined>;
  readonly put: (key: string, value: T) => Promise<void>;
  readonly remove: (key: string) => Promise<void>;
  readonly list: () => Promise<readonly T[]>;
}

const ROWS = "rows";

/**
 * Opens a table, in a database of its own: each is changed without regard to the others.
 *
 * Its functions throw where the browser keeps nothing.
 */
export function openTable<T>(name: string): IndexedTable<T> {
  const run = async <R>(mode: IDBTransactionMode, work: (rows: IDBObjectStore) => IDBRequest<R>): Promise<R> => {
    const database = await settled(openDatabase(`model-provenance-${name}`));
    try {
      const transaction = database.transaction(ROWS, mode, { durability: "strict" });
      const answer = await settled(work(transaction.objectStore(ROWS)));
      if (mode === "readwrite") await ended(transaction);
      return answer;
    } finally {
      database.close();
    }
  };
  return {
    get: async (key) => run("readonly", (rows) => rows.get(key) as IDBRequest<T | undefined>),
    put: async (key, value) => void (await run("readwrite", (rows) => rows.put(value, key))),
    remove: async (key) => run("readwrite", (rows) => rows.delete(key)),
    list: async () => run("readonly", (rows) => rows.getAll() as IDBRequest<T[]>),
  };
}

function openDatabase(name: string): IDBOpenDBRequest {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => void request.result.createObjectStore(ROWS);
  return request;
}

async function settled<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}

/** What was written counts once its transaction is over: the disk may be full. */
async function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("IndexedDB failed"));
  });
}
