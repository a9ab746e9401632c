import { useEffect, useRef } from "preact/hooks";
import { type ReadIndex, dropListed } from "../../state/indexes.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { type Row, nameRow } from "./filter-rows.ts";

const PAUSE = 150;
const checked = new WeakSet<Row>();

/**
 * Looks closer at the rows that are seen, once they rest: reads their names, and compares with the chain what an indexer listed.
 *
 * @param onNamed - called after some were named
 */
export function useSeen(indexes: readonly ReadIndex[], onNamed: () => void): (rows: readonly Row[]) => void {
  const last = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => last.current?.abort(), []);
  return (seen) => {
    last.current?.abort();
    const stop = (last.current = new AbortController());
    setTimeout(() => {
      if (stop.signal.aborted) return;
      const unnamed = seen.filter(({ name }) => name === undefined);
      if (unnamed.length > 0) void nameRows(unnamed, stop.signal, onNamed);
      for (const read of indexes) void compareRows(read, seen);
    }, PAUSE);
  };
}

async function compareRows(read: ReadIndex, seen: readonly Row[]): Promise<void> {
  const { account, index, progress } = read;
  const { listed, state } = progress.peek();
  const rows = seen.filter((row) => row.registry === account && !checked.has(row));
  // What the indexer has not read yet the events tell: both together are compared.
  if (listed === undefined || state !== "done" || rows.length === 0) return;
  const { checkListed } = await import("../../engine/check-listed.ts");
  const models = rows.map(({ model }) => model);
  try {
    const found = await checkListed(account, index.nextBlock, models);
    if (read.index !== index) return; // dropped meanwhile
    if (found === undefined) for (const row of rows) checked.add(row);
    else dropListed(read, STRINGS.indexes.unlike(listed.indexer, found.id, found.what));
  } catch {
    // Who cannot be asked now is asked when rows are seen again.
  }
}

async function nameRows(rows: readonly Row[], signal: AbortSignal, onNamed: () => void) {
  const [{ readNames }, { openStore }, { gatewaysFor }] = await Promise.all([
    import("../../engine/read-names.ts"),
    import("../../engine/open.ts"),
    import("../../engine/sources.ts"),
  ]);
  const gateways = gatewaysFor(settings.value.registries);
  if (gateways.length === 0) return;
  const byDigest = Map.groupBy(rows, ({ model }) => model.metadataDigest);
  const onName = (digest: Row["model"]["metadataDigest"], name: string) => {
    for (const row of byDigest.get(digest) ?? []) if (row.name === undefined) nameRow(row, name);
    onNamed();
  };
  await readNames([...byDigest.keys()], openStore(gateways), onName, signal);
}
