import { visibleName } from "model-provenance-nft/core";
import { Field } from "../../parts/field.tsx";
import { useMedia } from "../../parts/use-media.ts";
import { formatCount, shorten } from "../../parts/format.ts";
import { STRINGS } from "../../strings.ts";
import { type Facet, type Filters, NO_FILTERS, type listFacets } from "./filter-rows.ts";

const TEXT = STRINGS.registry;
const SHOWN: readonly Facet[] = ["status", "relation", "license", "framework", "creator"];
const MAX_CHOICES = 300;

/** What is looked for, chosen from what there is. */
export function FilterForm(props: {
  readonly filters: Filters;
  readonly facets: ReturnType<typeof listFacets>;
  readonly onChange: (filters: Filters) => void;
}) {
  const { filters, facets, onChange } = props;
  const set = (change: Partial<Filters>) => onChange({ ...filters, ...change });
  const shown = facets.registry.length > 1 ? [...SHOWN, "registry" as const] : SHOWN;
  const isFiltered = [...shown, "text" as const].some((name) => filters[name] !== "");
  const isWide = useMedia("(min-width: 48rem)");
  return (
    <search class="filters">
      <Field label={TEXT.search}>
        {(field) => (
          <input
            {...field}
            type="search"
            value={filters.text}
            placeholder={TEXT.searchHint}
            onInput={(event) => set({ text: event.currentTarget.value })}
          />
        )}
      </Field>
      <details class="filters-more" open={isWide || shown.some((name) => filters[name] !== "")}>
        <summary>{TEXT.more}</summary>
        <div class="filters-choices">
          {shown.map((facet) => (
            <Choices key={facet} facet={facet} value={filters[facet]} list={facets[facet]} set={set} />
          ))}
          <Field label={TEXT.order}>
            {(field) => (
              <select
                {...field}
                value={filters.order}
                onChange={(event) => set({ order: event.currentTarget.value as Filters["order"] })}
              >
                <option value="newest">{TEXT.orders.newest}</option>
                <option value="oldest">{TEXT.orders.oldest}</option>
              </select>
            )}
          </Field>
          {isFiltered && (
            <button type="button" class="plain" onClick={() => onChange({ ...NO_FILTERS, order: filters.order })}>
              {TEXT.clear}
            </button>
          )}
        </div>
      </details>
    </search>
  );
}

function Choices(props: {
  readonly facet: Facet;
  readonly value: string;
  readonly list: readonly (readonly [string, number])[];
  readonly set: (change: Partial<Filters>) => void;
}) {
  const { facet, value, list, set } = props;
  const choices = list.slice(0, MAX_CHOICES);
  // What a link asks for may be among those that are not listed, or not there at all.
  if (value !== "" && !choices.some(([one]) => one === value)) choices.push([value, 0]);
  return (
    <Field label={TEXT.columns[facet]}>
      {(field) => (
        <select {...field} value={value} onChange={(event) => set({ [facet]: event.currentTarget.value })}>
          <option value="">{TEXT.any}</option>
          {choices.map(([one, count]) => (
            <option key={one} value={one}>
              {`${nameOf(facet, one)} (${formatCount(count)})`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function nameOf(facet: Facet, value: string): string {
  if (value === "-") return TEXT.none;
  if (facet === "creator") return shorten(value);
  return facet === "registry" ? value : visibleName(value);
}
