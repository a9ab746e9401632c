import type { z } from "zod";

/** What was done of a piece of work, written down step by step; each step is kept before the next begins. */
export interface Journal<Entry extends object> {
  /** What is written. */
  readonly entry: Readonly<Entry>;
  /** Writes a step down. What its keeper throws is thrown, and the entry is as before. */
  update(change: Partial<Entry>): Promise<void>;
}

/**
 * A journal that ends with the process, unless its steps are kept.
 *
 * @param keep - called with the whole entry before a step counts; it throws where it cannot be kept
 */
export function memoryJournal<Entry extends object>(
  schema: z.ZodType<Entry>,
  fresh: Entry,
  keep: (entry: Entry) => Promise<void> = () => Promise.resolve(),
): Journal<Entry> {
  let entry = fresh;
  return {
    get entry() {
      return entry;
    },
    update: async (change) => {
      const changed = schema.parse({ ...entry, ...change });
      await keep(changed);
      entry = changed;
    },
  };
}
