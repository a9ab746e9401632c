import { type IndexedModel, toHex32 } from "model-provenance-nft/core";

/** A model in the table. */
export interface Row {
  readonly model: IndexedModel;
  /** CAIP-10 account of its registry. */
  readonly registry: string;
  /** The token id, 0x-hex. */
  readonly id: string;
  /** All in which is searched, in lower case; its name is added when that is known. */
  text: string;
  /** What its metadata call it, once they were read. */
  name?: string;
}

/** What can be chosen from a list. */
export const FACETS = ["status", "relation", "license", "framework", "creator", "registry"] as const;
/** One of {@link FACETS}. */
export type Facet = (typeof FACETS)[number];

/** What is looked for; empty: anything. */
export type Filters = Readonly<Record<Facet | "text", string>> & { readonly order: "newest" | "oldest" };

/** Nothing is looked for. */
export const NO_FILTERS: Filters = {
  text: "",
  status: "",
  relation: "",
  license: "",
  framework: "",
  creator: "",
  registry: "",
  order: "newest",
};
// What has no licence is chosen by this; it is no text that a licence could be.
const NOTHING = "-";

/** Makes a row of a model. */
export function toRow(model: IndexedModel, registry: string): Row {
  const id = toHex32(model.tokenId);
  const { license, framework, version = "", creator, performanceMetrics } = model;
  const text = [id, license, framework, version, creator, performanceMetrics].join("\n").toLowerCase();
  return { model, registry, id, text };
}

/** Adds a name to a row, so that it is found by it. */
export function nameRow(row: Row, name: string): void {
  row.name = name;
  row.text += `\n${name.toLowerCase()}`;
}

/** The rows that fit all filters, in order. Words of the text are looked for one by one, everywhere. */
export function filterRows(rows: readonly Row[], filters: Filters): Row[] {
  const words = filters.text.toLowerCase().split(/\s+/).filter(Boolean);
  const wanted = FACETS.filter((facet) => filters[facet] !== "").map((facet) => [facet, filters[facet]] as const);
  const found: Row[] = [];
  for (const row of rows) {
    if (!wanted.every(([facet, value]) => valueOf(row, facet) === value)) continue;
    if (words.every((word) => row.text.includes(word))) found.push(row);
  }
  // Rows come in the order of the chain.
  return filters.order === "newest" ? found.reverse() : found;
}

/** How many rows have each value. What can change of a row, its status, is not among it. */
export type Counts = ReadonlyMap<Facet, Map<string, number>>;

/** Counts of no row. */
export function countNothing(): Counts {
  return new Map(FACETS.map((facet) => [facet, new Map()]));
}

/** Adds a row to counts. */
export function countRow(counts: Counts, row: Row): void {
  for (const [facet, values] of counts) if (facet !== "status") addTo(values, valueOf(row, facet), 1);
}

/** What there is to choose from, with how many rows have it, the most frequent first. */
export function listFacets(
  rows: readonly Row[],
  counted: readonly Counts[],
): Record<Facet, readonly (readonly [value: string, count: number])[]> {
  const all = countNothing();
  for (const [facet, values] of all) {
    for (const counts of counted) for (const [value, count] of counts.get(facet) ?? []) addTo(values, value, count);
  }
  for (const { model } of rows) addTo(all.get("status") as Map<string, number>, model.status, 1);
  const lists = [...all].map(([facet, values]) => [facet, [...values].sort((a, b) => b[1] - a[1])]);
  return Object.fromEntries(lists) as ReturnType<typeof listFacets>;
}

function addTo(values: Map<string, number>, value: string, count: number): void {
  values.set(value, (values.get(value) ?? 0) + count);
}

/** What a row has, as it is chosen. */
export function valueOf({ model, registry }: Row, facet: Facet): string {
  return facet === "registry" ? registry : model[facet] || NOTHING;
}

/** Reads filters from the query of the page's address, which anybody may have written. */
export function readFilters(query: URLSearchParams): Filters {
  const texts = (["text", ...FACETS] as const).map((name) => [name, (query.get(name) ?? "").slice(0, 200)]);
  const order = query.get("order") === "oldest" ? "oldest" : "newest";
  return { ...NO_FILTERS, ...(Object.fromEntries(texts) as Partial<Filters>), order };
}

/** Writes filters as a query. */
export function writeFilters(filters: Filters): string {
  const set = Object.entries(filters).filter(([name, value]) => value !== NO_FILTERS[name as keyof Filters]);
  return new URLSearchParams(set).toString();
}
