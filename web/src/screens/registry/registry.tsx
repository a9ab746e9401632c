import { useEffect, useMemo, useState } from "preact/hooks";
import { Banner } from "../../parts/banner.tsx";
import { IndexProgress } from "../../parts/index-progress.tsx";
import { formatCount } from "../../parts/format.ts";
import { readIndexes } from "../../state/indexes.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import type { ScreenProps } from "../list.ts";
import { FilterForm } from "./filter-form.tsx";
import { type Filters, filterRows, readFilters, writeFilters } from "./filter-rows.ts";
import { ModelTable } from "./model-table.tsx";
import { useRows } from "./use-rows.ts";
import { useSeen } from "./use-seen.ts";

const TEXT = STRINGS.registry;

/** All models of the registries that are named, with what their events say; a model that is opened is read from the chain. */
export default function RegistryScreen({ query }: ScreenProps) {
  const { registries, indexer } = settings.value;
  const indexes = useMemo(() => readIndexes(registries, indexer || undefined), [registries, indexer]);
  const { rows, facets } = useRows(indexes);
  const asked = query.toString();
  const [filters, setFilters] = useState<Filters>(() => readFilters(query));
  const [named, setNamed] = useState(0);
  useEffect(() => setFilters(readFilters(query)), [asked]);
  const found = useMemo(() => filterRows(rows, filters), [rows, filters]);
  const onSeen = useSeen(indexes, () => setNamed((count) => count + 1));

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
