import { describeEdge, describeNode, homeOf } from "./describe-node.ts";
import { type Layout, type Placement, layOut } from "./layout.ts";
import type { Lineage, LineageEdge, LineageNode } from "./lineage-graph.ts";

const BOX = { width: 236, height: 118 };
const GAP = { x: 28, y: 68 };
// Labels and lines that go around boxes reach beyond the outermost ones.
const MARGIN = { x: 112, y: 32 };
const LEGEND_HEIGHT = 56;
const LINE_HEIGHT = 17;
const MAX_TEXT = 31;
const FILL: Record<string, string> = { active: "#dcfce7", deprecated: "#fef3c7", revoked: "#fecaca", "": "#f3f4f6" };
const STROKE: Record<string, string> = { active: "#15803d", deprecated: "#b45309", revoked: "#b91c1c", "": "#9ca3af" };
// Keeps a label readable where a line passes under it.
const HALO = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"';
const FONT = "font-family=\"ui-sans-serif, system-ui, 'DejaVu Sans', sans-serif\"";

/**
 * Draws a lineage: a box a model, oldest at the top; solid lines for what a parent's owner endorsed, dashed ones for what is
 * only claimed, red ones where a child's licence asks for less than its parent's. Colour is never alone: every state is a word.
 */
export function toSvg(lineage: Lineage): string {
  const layout = layOut(lineage);
  const width = 2 * MARGIN.x + layout.columns * BOX.width + (layout.columns - 1) * GAP.x;
  const height = 2 * MARGIN.y + layout.rows * BOX.height + (layout.rows - 1) * GAP.y + LEGEND_HEIGHT;
  const drawingWidth = Math.max(width, 720);
  const home = homeOf(lineage);
  const widths = countColumns(layout);
  const at = (key: string) => cornerOf(layout.places.get(key) as Placement, widths, drawingWidth);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${drawingWidth}" height="${height}" viewBox="0 0 ${drawingWidth} ${height}" role="img" ${FONT} font-size="13">`,
    `<title>Lineage of ${escape(describeNode(lineage.nodes.get(lineage.start) as LineageNode, home).id)}</title>`,
    `<desc>${lineage.nodes.size} models and ${lineage.edges.length} relations, the oldest at the top</desc>`,
    '<rect width="100%" height="100%" fill="#ffffff"/>',
    ...lineage.edges.map((edge) => drawEdge(edge, at(edge.parent), at(edge.child))),
    ...lineage.edges.map((edge) => drawLabel(edge, at(edge.child))),
    ...[...lineage.nodes.values()].map((node) => drawNode(lineage, node, at(node.key))),
    drawLegend(height - LEGEND_HEIGHT),
    "</svg>",
  ].join("\n");
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function countColumns({ places }: Layout): Map<number, number> {
  const widths = new Map<number, number>();
  for (const { row, column } of places.values()) widths.set(row, Math.max(widths.get(row) ?? 0, column + 1));
  return widths;
}

/** Each row is centred. */
function cornerOf({ row, column }: Placement, widths: ReadonlyMap<number, number>, drawingWidth: number): Point {
  const count = widths.get(row) ?? 1;
  const rowWidth = count * BOX.width + (count - 1) * GAP.x;
  const left = (drawingWidth - rowWidth) / 2;
  return { x: left + column * (BOX.width + GAP.x), y: MARGIN.y + row * (BOX.height + GAP.y) };
}

function drawNode(lineage: Lineage, node: LineageNode, { x, y }: Point): string {
  const isStart = node.key === lineage.start;
  const [base, ...more] = lineage.bases.filter(({ child }) => child === node.key);
  const { name, id, version, license, status, creator, elsewhere, transfers } = describeNode(node, homeOf(lineage));
  const state = status === "" ? "not known here" : status === "active" ? "active" : status.toUpperCase();
  const hands = transfers > 0 ? `, ${transfers} ${transfers === 1 ? "transfer" : "transfers"}` : "";
  const lines = [
    name,
    [id, version].filter(Boolean).join("  "),
    state + hands,
    license,
    elsewhere === "" ? creator && `by ${creator}` : elsewhere,
    base === undefined ? "" : `from ${base.uri}${more.length > 0 ? ` and ${more.length} more` : ""}`,
  ].filter((line) => line !== "");
  const stroke = STROKE[status] as string;
  const box = `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="${FILL[status]}" stroke="${stroke}" stroke-width="${isStart ? 4 : 1.5}"/>`;
  const texts = lines.map((line, i) => {
    const weight = i === 0 || status === "revoked" ? ' font-weight="600"' : "";
    return `<text x="${x + 12}" y="${y + 20 + i * LINE_HEIGHT}" fill="#111827"${weight}>${escape(clip(line))}</text>`;
  });
  return `<g><title>${escape(node.key)}</title>${box}${texts.join("")}</g>`;
}

function drawEdge(edge: LineageEdge, from: Point, to: Point): string {
  const start = { x: from.x + BOX.width / 2, y: from.y + BOX.height };
  const end = { x: to.x + BOX.width / 2, y: to.y };
  const bend = Math.max(24, (end.y - start.y) / 2);
  // A line that passes other rows goes around the boxes between, on the side it comes from.
  const isLong = end.y - start.y > GAP.y + BOX.height;
  const aside = isLong ? (start.x <= end.x ? -BOX.width : BOX.width) : 0;
  const [first, second] = [start.x + aside * 0.75, end.x + aside];
  const path = `M${start.x} ${start.y} C${first} ${start.y + bend} ${second} ${end.y - bend} ${end.x} ${end.y - 8}`;
  const colour = colourOf(edge);
  const dashes = edge.endorsed ? "" : ' stroke-dasharray="5 5"';
  const tip = `<path d="M${end.x - 5} ${end.y - 9} L${end.x} ${end.y} L${end.x + 5} ${end.y - 9} Z" fill="${colour}"/>`;
  return `<g><title>${escape(describeEdge(edge))}</title><path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes}/>${tip}</g>`;
}

/** Labels stand above all lines. */
function drawLabel(edge: LineageEdge, { x, y }: Point): string {
  return `<text x="${x + BOX.width / 2 + 8}" y="${y - 12}" font-size="11" fill="${colourOf(edge)}" ${HALO}>${escape(edgeLabel(edge))}</text>`;
}

function colourOf({ drift }: LineageEdge): string {
  return drift === "more-permissive" ? "#b91c1c" : "#4b5563";
}

function edgeLabel({ relation, endorsed, drift }: LineageEdge): string {
  const sure = endorsed ? "" : " (claimed)";
  return `${relation ?? "endorsed child"}${sure}${drift === "more-permissive" ? ", licence asks for less" : ""}`;
}

function drawLegend(y: number): string {
  const line = (x: number, dashes: string, colour: string, text: string) =>
    `<path d="M${x} ${y + 24} h36" stroke="${colour}" stroke-width="1.5"${dashes}/><text x="${x + 44}" y="${y + 28}" font-size="12" fill="#374151">${text}</text>`;
  return [
    line(MARGIN.y, "", "#4b5563", "endorsed by the parent’s owner"),
    line(MARGIN.y + 260, ' stroke-dasharray="5 5"', "#4b5563", "only claimed"),
    line(MARGIN.y + 410, ' stroke-dasharray="5 5"', "#b91c1c", "licence asks for less than its parent’s"),
  ].join("");
}

function clip(text: string): string {
  const characters = [...text];
  return characters.length > MAX_TEXT ? `${characters.slice(0, MAX_TEXT - 1).join("")}…` : text;
}

/** Control characters cannot stand in XML at all, and direction marks would hide what is written. */
function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFFFE\uFFFF]/gu, " ")
    .replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}
