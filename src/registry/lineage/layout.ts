/** What is laid out: names, and which comes from which. */
export interface LayoutGraph {
  readonly keys: readonly string[];
  readonly links: readonly { readonly parent: string; readonly child: string }[];
}

/** Where something is drawn: rows from the oldest on, places within them. */
export interface Placement {
  readonly row: number;
  readonly column: number;
}

/** A drawing: where everything is, and how many rows and columns that takes. */
export interface Layout {
  readonly places: ReadonlyMap<string, Placement>;
  readonly rows: number;
  readonly columns: number;
}

const PASSES = 4;

/**
 * Puts everything into a row after all that it comes from, and orders each row so that children stand near their parents.
 *
 * @param widest - how long a row may be for the longest one: a base model may have thousands of children, and a row that is
 *   longer is broken into several
 */
export function layOut(graph: LayoutGraph, widest: (longestRow: number) => number): Layout {
  const layers = orderLayers(graph, assignLayers(graph));
  const max = widest(Math.max(1, ...layers.map(({ length }) => length)));
  const places = new Map<string, Placement>();
  let row = 0;
  let columns = 1;
  for (const layer of layers) {
    columns = Math.max(columns, Math.min(layer.length, max));
    layer.forEach((key, i) => places.set(key, { row: row + Math.floor(i / max), column: i % max }));
    row += Math.ceil(layer.length / max);
  }
  return { places, rows: row, columns };
}

/** The longest way from a root, found by taking away what has no parents (Kahn's algorithm). */
function assignLayers({ keys, links }: LayoutGraph): string[][] {
  const below = Map.groupBy(links, ({ parent }) => parent);
  const missing = new Map(keys.map((key) => [key, 0]));
  for (const { child } of links) missing.set(child, (missing.get(child) ?? 0) + 1);
  const layers: string[][] = [];
  for (let ready = keys.filter((key) => missing.get(key) === 0); ready.length > 0;) {
    layers.push(ready);
    const next: string[] = [];
    for (const key of ready) {
      for (const { child } of below.get(key) ?? []) {
        const left = (missing.get(child) ?? 0) - 1;
        missing.set(child, left);
        if (left === 0) next.push(child);
      }
    }
    ready = next;
  }
  // Registries cannot hold a cycle; several that endorse each other's children can. What is left stands at the end.
  const placed = new Set(layers.flat());
  const rest = keys.filter((key) => !placed.has(key));
  return moveRoots(rest.length > 0 ? [...layers, rest] : layers, below);
}

/** What comes from nothing stands beside the first of what came from it, and not at the far end. */
function moveRoots(layers: readonly string[][], below: ReadonlyMap<string, LayoutGraph["links"]>): string[][] {
  const depths = new Map(layers.flatMap((layer, depth) => layer.map((key) => [key, depth])));
  const moved = layers.map((layer, depth) => (depth === 0 ? [] : [...layer]));
  for (const key of layers[0] ?? []) {
    const nearest = (below.get(key) ?? []).map(({ child }) => (depths.get(child) ?? 1) - 1);
    moved[Math.max(0, Math.min(...nearest, layers.length - 1))]?.push(key);
  }
  return moved.filter((layer) => layer.length > 0);
}

/** Orders each row by the mean place of the parents, some times over. */
function orderLayers({ links }: LayoutGraph, layers: string[][]): string[][] {
  const above = Map.groupBy(links, ({ child }) => child);
  const position = new Map<string, number>();
  const remember = (layer: readonly string[]) => layer.forEach((key, i) => position.set(key, (i + 0.5) / layer.length));
  layers.forEach(remember);
  for (let pass = 0; pass < PASSES; pass++) {
    for (const layer of layers) {
      const mean = new Map(
        layer.map((key) => {
          const parents = above.get(key) ?? [];
          const sum = parents.reduce((total, { parent }) => total + (position.get(parent) ?? 0), 0);
          return [key, parents.length === 0 ? (position.get(key) ?? 0) : sum / parents.length];
        }),
      );
      layer.sort((a, b) => (mean.get(a) ?? 0) - (mean.get(b) ?? 0));
      remember(layer);
    }
  }
  return layers;
}
