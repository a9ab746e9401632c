import { groupEdges } from "./describe-node.ts";
import type { Lineage } from "./lineage-graph.ts";

/** Where a model is drawn: rows from the oldest down, places from the left. */
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

// A base model may have thousands of children: a row that is longer is broken.
const MAX_COLUMNS = 12;
const PASSES = 4;

/**
 * Puts every model into a row below all its parents, and orders each row so that children stand near their parents.
 * Long rows are broken into several.
 */
export function layOut(lineage: Lineage): Layout {
  const layers = orderLayers(lineage, assignLayers(lineage));
  const places = new Map<string, Placement>();
  let row = 0;
  let columns = 1;
  for (const layer of layers) {
    const width = Math.min(layer.length, MAX_COLUMNS);
    columns = Math.max(columns, width);
    layer.forEach((key, i) => places.set(key, { row: row + Math.floor(i / MAX_COLUMNS), column: i % MAX_COLUMNS }));
    row += Math.ceil(layer.length / MAX_COLUMNS);
  }
  return { places, rows: row, columns };
}

/** The longest way from a root, found by taking away models without parents (Kahn's algorithm). */
function assignLayers(lineage: Lineage): string[][] {
  const { below, above } = groupEdges(lineage);
  const missing = new Map([...lineage.nodes.keys()].map((key) => [key, above.get(key)?.length ?? 0]));
  const layers: string[][] = [];
  for (let ready = [...missing].filter(([, count]) => count === 0).map(([key]) => key); ready.length > 0;) {
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
  // Registries cannot hold a cycle; several that endorse each other's children can. What is left stands below.
  const placed = new Set(layers.flat());
  const rest = [...lineage.nodes.keys()].filter((key) => !placed.has(key));
  return rest.length > 0 ? [...layers, rest] : layers;
}

/** Orders each row by the mean place of the parents, some times over. */
function orderLayers(lineage: Lineage, layers: string[][]): string[][] {
  const { above } = groupEdges(lineage);
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
