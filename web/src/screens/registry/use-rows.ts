import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { ReadIndex } from "../../state/indexes.ts";
import { type Row, listFacets, toRow } from "./filter-rows.ts";

/** All rows that were read so far, and what there is to choose from. */
export interface ReadRows {
  readonly rows: readonly Row[];
  readonly facets: ReturnType<typeof listFacets>;
}

// Counting takes time with many rows: while they are read, it is done so often and not more.
const PAUSE = 400;
const kept = new WeakMap<ReadIndex, Row[]>();

/** The rows of all registries, in the order in which they were recorded; anew as more is read. */
export function useRows(indexes: readonly ReadIndex[]): ReadRows {
  const [read, setRead] = useState<ReadRows>(() => collect(indexes));
  useEffect(() => {
    let timer: number | undefined;
    const stop = effect(() => {
      const isRead = indexes.every(({ progress }) => progress.value.state !== "reading");
      if (isRead || timer === undefined) {
        clearTimeout(timer);
        timer = window.setTimeout(() => ((timer = undefined), setRead(collect(indexes))), isRead ? 0 : PAUSE);
      }
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, [indexes]);
  return read;
}

function collect(indexes: readonly ReadIndex[]): ReadRows {
  const lists = indexes.map(rowsOf);
  const all = lists.flat();
  const rows = lists.length > 1 ? all.sort((a, b) => a.model.mintedAt - b.model.mintedAt) : all;
  return { rows, facets: listFacets(rows) };
}

/** Rows stay, with the names that were found, and new ones are added. */
function rowsOf(read: ReadIndex): readonly Row[] {
  const { index, account } = read;
  const rows = kept.get(read) ?? [];
  kept.set(read, rows);
  let i = 0;
  for (const model of index.models.values()) if (i++ >= rows.length) rows.push(toRow(model, account));
  return rows;
}
