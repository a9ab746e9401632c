/** Runs tasks, some at a time. */
export type Slots = <T>(task: () => Promise<T>) => Promise<T>;

/** Lets so many tasks run at a time; the others wait for their turn in order. */
export function createSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next === undefined) free++;
      else next();
    }
  };
}

/**
 * Works on items as they come, some at a time, and hands on what becomes of them in the order of the items. No more
 * than twice as many are taken in as may run: a source of any length needs no more memory.
 *
 * @throws what the source or a task throws; tasks that were begun are waited for
 */
export async function* mapInOrder<T, R>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<R>,
): AsyncGenerator<R, void> {
  const slots = createSlots(concurrency);
  const begun: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const task = slots(() => work(item));
      task.catch(() => undefined); // said when its turn comes
      begun.push(task);
      if (begun.length >= 2 * concurrency) yield await (begun.shift() as Promise<R>);
    }
    for (let next = begun.shift(); next !== undefined; next = begun.shift()) yield await next;
  } finally {
    await Promise.allSettled(begun);
  }
}
