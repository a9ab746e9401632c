/** Lets so many tasks run at once; the others wait for their turn. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param count - how many may run at once */
  constructor(count: number) {
    this.#free = count;
  }

  /** Runs a task in its turn. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/**
 * Runs a task for each item, some at once, and takes the next item when one is done. After a failure no further item is
 * taken; the failure is thrown when all that run have ended.
 */
export async function forEachAtOnce<T>(
  items: Iterable<T> | AsyncIterable<T>,
  atOnce: number,
  task: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  let ended = false;
  const failures: unknown[] = [];
  const work = async () => {
    try {
      while (!ended) {
        const next = await iterator.next();
        if (next.done) ended = true;
        else await task(next.value);
      }
    } catch (error) {
      ended = true;
      failures.push(error);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  if (failures.length === 0) return;
  await iterator.return?.();
  throw failures[0];
}

/** Maps items, some at once; the results are in the order of the items. Fails as {@link forEachAtOnce} does. */
export async function mapAtOnce<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  map: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await forEachAtOnce(items.entries(), atOnce, async ([index, item]) => {
    results[index] = await map(item);
  });
  return results;
}

/**
 * Works on items as they come, some at a time, and hands on what becomes of them in the order of the items. No more
 * than twice as many are taken in as may run: a source of any length needs no more memory.
 *
 * @throws what the source or a task throws; tasks that were begun are waited for
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  atOnce: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const slots = new Slots(atOnce);
  const begun: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const task = slots.run(async () => work(item));
      task.catch(() => undefined); // said when its turn comes
      begun.push(task);
      if (begun.length >= 2 * atOnce) yield await (begun.shift() as Promise<R>);
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) yield await next;
  } finally {
    await Promise.allSettled(begun);
  }
}
