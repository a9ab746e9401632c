import { describeNode, describeSize, homeOf } from "./describe-node.ts";
import { BOX, type Direction, type DrawnBox, type DrawnLine, drawLineage } from "./drawing.ts";
import type { Lineage, LineageNode } from "./lineage-graph.ts";
import { type BoxKind, MARKS } from "./status-marks.ts";

const LEGEND_HEIGHT = 56;
const LINE_HEIGHT = 17;
const MARGIN = 32;
const FILL: Record<BoxKind, string> = {
  active: "#dcfce7",
  deprecated: "#fef3c7",
  revoked: "#fecaca",
  unknown: "#f3f4f6",
  outside: "#ffffff",
};
const STROKE: Record<BoxKind, string> = {
  active: "#15803d",
  deprecated: "#b45309",
  revoked: "#b91c1c",
  unknown: "#6b7280",
  outside: "#6b7280",
};
// Keeps a label readable where a line passes under it.
const HALO = 'stroke="#ffffff" stroke-width="4" stroke-linejoin="round" paint-order="stroke"';
const FONT = "font-family=\"ui-sans-serif, system-ui, 'DejaVu Sans', sans-serif\"";

/**
 * Draws a lineage: a box a model or base, oldest first; solid lines for what a parent's owner endorsed, dashed ones for what is
 * only claimed, red ones where a child's licence asks for less than its parent's. Colour is never alone: every state is a word
 * and a mark.
 *
 * @param direction - which way time goes; down unless given
 */
export function toSvg(lineage: Lineage, direction?: Direction): string {
  const drawing = drawLineage(lineage, direction);
  const width = Math.max(drawing.width, 720);
  const height = drawing.height + LEGEND_HEIGHT;
  const start = describeNode(lineage.nodes.get(lineage.start) as LineageNode, homeOf(lineage));
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${(drawing.width - width) / 2} 0 ${width} ${height}" role="img" ${FONT} font-size="13">`,
    `<title>Lineage of ${escape(start.id)}</title>`,
    `<desc>${describeSize(lineage)}, the oldest ${drawing.direction === "right" ? "on the left" : "at the top"}</desc>`,
    `<rect x="${(drawing.width - width) / 2}" width="${width}" height="${height}" fill="#ffffff"/>`,
    ...drawing.lines.map(writeLine),
    ...drawing.lines.map((line) => writeLabels(line, drawing.direction)),
    ...drawing.boxes.map(writeBox),
    writeLegend((drawing.width - width) / 2 + MARGIN, drawing.height),
    "</svg>",
  ].join("\n");
}

function writeBox({ x, y, kind, isStart, lines, title }: DrawnBox): string {
  const stroke = STROKE[kind];
  const dashes = kind === "unknown" || kind === "outside" ? ' stroke-dasharray="6 4"' : "";
  const box = `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" fill="${FILL[kind]}" stroke="${stroke}" stroke-width="${isStart ? 4 : 1.5}"${dashes}/>`;
  const mark = `<path transform="translate(${x + BOX.width - 18} ${y + BOX.height - 18})" d="${MARKS[kind]}" fill="${stroke}" fill-rule="evenodd"/>`;
  const texts = lines.map((line, i) => {
    const weight = i === 0 || kind === "revoked" ? ' font-weight="600"' : "";
    return `<text x="${x + 12}" y="${y + 20 + i * LINE_HEIGHT}" fill="#111827"${weight}>${escape(line)}</text>`;
  });
  return `<g><title>${escape(title)}</title>${box}${mark}${texts.join("")}</g>`;
}

function writeLine({ path, tip, isEndorsed, isLoose, title }: DrawnLine): string {
  const colour = colourOf(isLoose);
  const dashes = isEndorsed ? "" : ' stroke-dasharray="5 5"';
  return `<g><title>${escape(title)}</title><path d="${path}" fill="none" stroke="${colour}" stroke-width="1.5"${dashes}/><path d="${tip}" fill="${colour}"/></g>`;
}

/** Labels stand above all lines. */
function writeLabels({ labels, labelAt, isLoose }: DrawnLine, direction: Direction): string {
  const anchor = direction === "right" ? ' text-anchor="end"' : "";
  const attributes = `font-size="11"${anchor} fill="${colourOf(isLoose)}" ${HALO}`;
  const texts = labels.map((label, i) => {
    const y = labelAt.y - (labels.length - 1 - i) * 14;
    return `<text x="${labelAt.x}" y="${y}" ${attributes}>${escape(label)}</text>`;
  });
  return texts.join("");
}

function colourOf(isLoose: boolean): string {
  return isLoose ? "#b91c1c" : "#4b5563";
}

function writeLegend(x: number, y: number): string {
  const line = (left: number, dashes: string, colour: string, text: string) =>
    `<path d="M${x + left} ${y + 24} h36" stroke="${colour}" stroke-width="1.5"${dashes}/><text x="${x + left + 44}" y="${y + 28}" font-size="12" fill="#374151">${text}</text>`;
  return [
    line(0, "", "#4b5563", "endorsed by the parent’s owner"),
    line(260, ' stroke-dasharray="5 5"', "#4b5563", "only claimed"),
    line(410, ' stroke-dasharray="5 5"', "#b91c1c", "licence asks for less than its parent’s"),
  ].join("");
}

/** Control characters cannot stand in XML at all, and direction marks would hide what is written. */
function escape(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;" };
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\uFFFE\uFFFF]/gu, " ")
    .replaceAll(/[&<>"']/g, (character) => entities[character] as string);
}
