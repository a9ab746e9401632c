import { effect } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { RegistryIndex } from "model-provenance-nft/core";
import type { ReadIndex } from "../../state/indexes.ts";
import { type Counts, type Row, countNothing, countRow, listFacets, toRow } from "./filter-rows.ts";

/** All rows that were read so far, and what there is to choose from. */
export interface ReadRows {
  readonly rows: readonly Row[];
  readonly facets: ReturnType<typeof listFacets>;
}

interface KeptRows {
  readonly rows: Row[];
  readonly counts: Counts;
}

// What is drawn anew takes time with many rows: while they are read, it is done so often and not more.
const PAUSE = 400;
const kept = new WeakMap<RegistryIndex, KeptRows>();

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
  const all = lists.flatMap(({ rows }) => rows);
  const rows = lists.length > 1 ? all.sort((a, b) => a.model.mintedAt - b.model.mintedAt) : all;
  const facets = listFacets(
    rows,
    lists.map(({ counts }) => counts),
  );
  return { rows, facets };
}

/** Rows stay, with the names that were found, and new ones are added and counted. */
function rowsOf({ index, account }: ReadIndex): KeptRows {
  const known = kept.get(index) ?? { rows: [], counts: countNothing() };
  kept.set(index, known);
  const { rows, counts } = known;
  let i = 0;
  for (const model of index.models.values()) {
    if (i++ < rows.length) continue;
    const row = toRow(model, account);
    rows.push(row);
    countRow(counts, row);
  }
  return known;
}
