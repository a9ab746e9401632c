import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { Banner } from "../../parts/banner.tsx";
import { IndexProgress } from "../../parts/index-progress.tsx";
import { formatCount } from "../../parts/format.ts";
import { readIndexes } from "../../state/indexes.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import type { ScreenProps } from "../list.ts";
import { FilterForm } from "./filter-form.tsx";
import { type Filters, type Row, filterRows, nameRow, readFilters, writeFilters } from "./filter-rows.ts";
import { ModelTable } from "./model-table.tsx";
import { useRows } from "./use-rows.ts";

const TEXT = STRINGS.registry;
const PAUSE_BEFORE_NAMES = 150;

/** All models of the registries that are named, with what their events say; a model that is opened is read from the chain. */
export default function RegistryScreen({ query }: ScreenProps) {
  const { registries } = settings.value;
  const indexes = useMemo(() => readIndexes(registries), [registries]);
  const { rows, facets } = useRows(indexes);
  const asked = query.toString();
  const [filters, setFilters] = useState<Filters>(() => readFilters(query));
  const [named, setNamed] = useState(0);
  useEffect(() => setFilters(readFilters(query)), [asked]);
  const found = useMemo(() => filterRows(rows, filters), [rows, filters]);
  const onSeen = useNames(() => setNamed((count) => count + 1));

  const change = (next: Filters) => {
    setFilters(next);
    const written = writeFilters(next);
    // The address can be passed on; going back leads to the screen before, not through every letter.
    history.replaceState(null, "", `#/registry${written === "" ? "" : `?${written}`}`);
  };

  if (registries.length === 0) {
    return (
      <article class="sheet">
        <h1>{TEXT.title}</h1>
        <Banner kind="unknown" title={TEXT.nobody} text={TEXT.nobodyText}>
          <p>
            <a href="#/settings">{TEXT.toSettings}</a>
          </p>
        </Banner>
      </article>
    );
  }
  const isReading = indexes.some(({ progress }) => progress.value.state === "reading");
  return (
    <article class="sheet sheet-wide">
      <header class="registry-head">
        <h1>{TEXT.title}</h1>
        <p class="quiet">{TEXT.candidates}</p>
      </header>
      <IndexProgress indexes={indexes} />
      <FilterForm filters={filters} facets={facets} onChange={change} />
      <p class="count" role="status" data-named={named}>
        {found.length === rows.length
          ? TEXT.count(formatCount(rows.length))
          : TEXT.countOf(formatCount(found.length), formatCount(rows.length))}
        {isReading && ` ${TEXT.soFar}`}
      </p>
      {found.length > 0 ? (
        <ModelTable rows={found} withRegistry={registries.length > 1} onSeen={onSeen} />
      ) : (
        !isReading && <p>{rows.length === 0 ? TEXT.empty : TEXT.noneFits}</p>
      )}
    </article>
  );
}

/** Reads the names of the rows that are seen, once they rest. @param onNamed - called after some were named */
function useNames(onNamed: () => void): (rows: readonly Row[]) => void {
  const last = useRef<AbortController | undefined>(undefined);
  useEffect(() => () => last.current?.abort(), []);
  return (seen) => {
    last.current?.abort();
    const unnamed = seen.filter(({ name }) => name === undefined);
    if (unnamed.length === 0) return;
    const stop = (last.current = new AbortController());
    setTimeout(() => {
      if (!stop.signal.aborted) void nameRows(unnamed, stop.signal, onNamed);
    }, PAUSE_BEFORE_NAMES);
  };
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
