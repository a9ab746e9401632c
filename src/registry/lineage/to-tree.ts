import { describeBase, describeEdge, describeNode, groupEdges, homeOf, rootsOf } from "./describe-node.ts";
import type { Lineage, LineageBase, LineageEdge, LineageNode } from "./lineage-graph.ts";

interface Step {
  readonly key: string;
  readonly edge?: LineageEdge;
  /** What stands before the model's own line, and before those below it. */
  readonly prefix: string;
  readonly mark: string;
  readonly inner: string;
}

/**
 * Draws a lineage as an indented tree, from the oldest ancestors down. A model with several parents stands in full below the
 * first of them. An only child is not indented, so that a long line of versions stays readable. Base models outside all
 * registries have a line above the model that names them.
 *
 * @param clean - makes the text of strangers safe to print
 */
export function toTree(lineage: Lineage, clean: (text: string) => string): string {
  const { below } = groupEdges(lineage);
  const bases = Map.groupBy(lineage.bases, ({ child }) => child);
  const home = homeOf(lineage);
  const lines: string[] = [];
  const shown = new Set<string>();
  const waiting: Step[] = rootsOf(lineage)
    .map((key) => ({ key, prefix: "", mark: "", inner: "" }))
    .reverse();
  for (let step = waiting.pop(); step !== undefined; step = waiting.pop()) {
    const node = lineage.nodes.get(step.key) as LineageNode;
    const isRepeated = shown.has(step.key);
    if (!isRepeated) {
      for (const base of bases.get(step.key) ?? []) lines.push(step.prefix + clean(describeOutside(base)));
    }
    const start = step.key === lineage.start ? "▶ " : "";
    lines.push(step.prefix + step.mark + start + clean(describeLine(node, home, step.edge, isRepeated)));
    if (isRepeated) continue;
    shown.add(step.key);
    waiting.push(...stepsBelow(step, below.get(step.key) ?? []).reverse());
  }
  return lines.join("\n");
}

function stepsBelow({ prefix, inner }: Step, edges: readonly LineageEdge[]): Step[] {
  const base = prefix + inner;
  const [only] = edges;
  if (only !== undefined && edges.length === 1) {
    return [{ key: only.child, edge: only, prefix: base, mark: "↳ ", inner: "" }];
  }
  return edges.map((edge, i) => {
    const isLast = i === edges.length - 1;
    return { key: edge.child, edge, prefix: base, mark: isLast ? "└─ " : "├─ ", inner: isLast ? "   " : "│  " };
  });
}

function describeOutside(base: LineageBase): string {
  return `${base.uri} · ${describeBase(base)} base of the model below · outside all registries`;
}

function describeLine(node: LineageNode, home: string, edge: LineageEdge | undefined, isRepeated: boolean): string {
  const { name, id, version, license, status, creator, unproven, elsewhere, transfers, trade } = describeNode(
    node,
    home,
  );
  const head = [name, id, version && `v${version.replace(/^v/, "")}`].filter(Boolean).join(" ");
  if (isRepeated) return `${head} (above), ${edge === undefined ? "" : describeEdge(edge)}`;
  const parts = [
    head,
    edge === undefined ? (node.model?.relation ?? "") : describeEdge(edge),
    status === "" ? "not known here" : status.toUpperCase() === "ACTIVE" ? "active" : status.toUpperCase(),
    license,
    creator && `by ${creator}`,
    unproven && `who ${unproven}`,
    transfers > 0 ? `${transfers} ${transfers === 1 ? "transfer" : "transfers"}` : "",
    elsewhere && `in ${elsewhere}`,
    trade,
  ];
  return parts.filter(Boolean).join(" · ");
}
