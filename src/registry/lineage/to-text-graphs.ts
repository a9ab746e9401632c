import { describeBase, describeEdge, describeNode, homeOf } from "./describe-node.ts";
import type { Lineage, LineageNode } from "./lineage-graph.ts";

const COLOURS: Record<string, string> = { active: "#dcfce7", deprecated: "#fef3c7", revoked: "#fecaca", "": "#e5e7eb" };

/** Writes a lineage as a Mermaid flow chart, for READMEs. */
export function toMermaid(lineage: Lineage): string {
  const names = nameNodes(lineage);
  const home = homeOf(lineage);
  const lines = ["flowchart TD"];
  for (const [key, node] of lineage.nodes) {
    const text = linesOf(node, home).map(escapeMermaid).join("<br/>");
    lines.push(`  ${names.get(key)}["${text}"]:::${node.model?.status ?? "unknown"}`);
  }
  for (const edge of lineage.edges) {
    const arrow = edge.endorsed ? "-->" : "-.->";
    lines.push(`  ${names.get(edge.parent)} ${arrow}|"${escapeMermaid(describeEdge(edge))}"| ${names.get(edge.child)}`);
  }
  for (const [i, base] of lineage.bases.entries()) {
    lines.push(`  b${i}["${escapeMermaid(base.uri)}"]:::unknown`);
    lines.push(`  b${i} -.->|"${escapeMermaid(describeBase(base))}"| ${names.get(base.child)}`);
  }
  for (const [status, colour] of Object.entries(COLOURS)) {
    lines.push(`  classDef ${status || "unknown"} fill:${colour},stroke:#374151,color:#111827`);
  }
  lines.push(`  style ${names.get(lineage.start)} stroke-width:4px`);
  return lines.join("\n");
}

/** Writes a lineage in the language of Graphviz. */
export function toDot(lineage: Lineage): string {
  const names = nameNodes(lineage);
  const home = homeOf(lineage);
  const lines = ["digraph lineage {", '  node [shape=box, style="rounded,filled", fontname="sans-serif"];'];
  for (const [key, node] of lineage.nodes) {
    const text = linesOf(node, home).map(escapeDot).join("\\n");
    const colour = COLOURS[node.model?.status ?? ""];
    const width = key === lineage.start ? ", penwidth=3" : "";
    lines.push(`  ${names.get(key)} [label="${text}", fillcolor="${colour}"${width}];`);
  }
  for (const edge of lineage.edges) {
    const style = edge.endorsed ? "solid" : "dashed";
    const label = escapeDot(describeEdge(edge));
    lines.push(`  ${names.get(edge.parent)} -> ${names.get(edge.child)} [label="${label}", style=${style}];`);
  }
  for (const [i, base] of lineage.bases.entries()) {
    lines.push(`  b${i} [label="${escapeDot(base.uri)}", fillcolor="${COLOURS[""]}"];`);
    lines.push(`  b${i} -> ${names.get(base.child)} [label="${escapeDot(describeBase(base))}", style=dashed];`);
  }
  return [...lines, "}"].join("\n");
}

function nameNodes({ nodes }: Lineage): Map<string, string> {
  return new Map([...nodes.keys()].map((key, i) => [key, `n${i}`]));
}

function linesOf(node: LineageNode, home: string): string[] {
  const { name, id, version, license, status, creator, elsewhere, trade } = describeNode(node, home);
  const state = status === "" ? "not known here" : status;
  return [
    name,
    [id, version].filter(Boolean).join(" "),
    [state, license].filter(Boolean).join(" · "),
    creator && `by ${creator}`,
    elsewhere,
    trade,
  ].filter((line) => line !== "");
}

/** Everything that could end a text, begin HTML or be read as Markdown becomes an entity. */
function escapeMermaid(text: string): string {
  return plain(text).replaceAll(/[^\p{L}\p{N} .,:·…/+-]/gu, (character) => `#${character.codePointAt(0)};`);
}

function escapeDot(text: string): string {
  return plain(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

/** Control characters and direction marks would hide what is written. */
function plain(text: string): string {
  return text.toWellFormed().replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu, " ");
}
