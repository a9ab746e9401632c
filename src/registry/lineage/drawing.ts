import { describeBase, describeEdge, describeNode, describeShare, homeOf } from "./describe-node.ts";
import { type Layout, layOut } from "./layout.ts";
import type { Lineage, LineageBase, LineageEdge, LineageNode } from "./lineage-graph.ts";
import type { BoxKind } from "./status-marks.ts";

/** Which way time goes. */
export type Direction = "down" | "right";

/** A point of a drawing, in its units: pixels at its natural size. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A model or a base, drawn. Its texts are those of strangers. */
export interface DrawnBox extends Point {
  /** The key of the model; for a base, its URI. */
  readonly key: string;
  readonly kind: BoxKind;
  readonly isStart: boolean;
  readonly lines: readonly string[];
  /** All of what is written short. */
  readonly title: string;
}

/** That one came from another, drawn. */
export interface DrawnLine {
  readonly parent: string;
  readonly child: string;
  readonly path: string;
  readonly tip: string;
  /** Lines of text, the last of them at its place; none where a line beside it says the same. */
  readonly labels: readonly string[];
  readonly labelAt: Point;
  readonly isEndorsed: boolean;
  /** Whether the child's licence asks for less than its parent's. */
  readonly isLoose: boolean;
  readonly title: string;
}

/** A lineage with a place for everything, to be written as SVG or shown on a screen. */
export interface Drawing {
  readonly direction: Direction;
  readonly width: number;
  readonly height: number;
  readonly boxes: readonly DrawnBox[];
  readonly lines: readonly DrawnLine[];
}

/** The size of every box. */
export const BOX = { width: 236, height: 118 } as const;
// Labels and lines that go around boxes reach beyond the outermost ones.
const SPACE = {
  down: { gap: { along: 68, across: 28 }, margin: { x: 112, y: 32 } },
  right: { gap: { along: 150, across: 30 }, margin: { x: 32, y: 96 } },
} as const;
const WIDEST = { down: () => 12, right: (longest: number) => Math.max(12, Math.ceil(Math.sqrt(1.3 * longest))) };
const MAX_TEXT = 30;
// The first line is bold.
const MAX_HEAD = 27;
const TIP = 8;

/** Gives everything in a lineage its place: the oldest at the top, or on the left. */
export function drawLineage(lineage: Lineage, direction: Direction = "down"): Drawing {
  const outside = [...Map.groupBy(lineage.bases, ({ uri }) => uri)];
  const links = [
    ...lineage.edges,
    ...lineage.bases.map(({ uri, child, ...base }) => ({ parent: uri, child, base: { uri, child, ...base } })),
  ];
  const keys = [...outside.map(([uri]) => uri), ...lineage.nodes.keys()];
  const layout = layOut({ keys, links }, WIDEST[direction]);
  const { at, width, height } = placeBoxes(layout, direction);
  const home = homeOf(lineage);
  const models = [...lineage.nodes.values()].map((node) => ({
    ...at(node.key),
    ...describeModel(node, home),
    isStart: node.key === lineage.start,
  }));
  const bases = outside.map(([uri]) => ({ ...at(uri), ...describeOutside(uri), isStart: false }));
  const order = ({ parent }: Link) => (direction === "down" ? at(parent).x : at(parent).y);
  const lines = [...Map.groupBy<string, Link>(links, ({ child }) => child).values()].flatMap((arriving) => {
    const group = arriving.toSorted((a, b) => order(a) - order(b));
    return group.map((link, i) => drawLine(link, at, direction, { i, of: group }));
  });
  return { direction, width, height, boxes: [...bases, ...models], lines };
}

type Link = LineageEdge | { readonly parent: string; readonly child: string; readonly base: LineageBase };

/** Each row is centred. */
function placeBoxes({ places, rows, columns }: Layout, direction: Direction) {
  const { gap, margin } = SPACE[direction];
  const size = direction === "down" ? [BOX.height, BOX.width] : [BOX.width, BOX.height];
  const [along, across] = [(size[0] as number) + gap.along, (size[1] as number) + gap.across];
  const lengths = new Map<number, number>();
  for (const { row, column } of places.values()) lengths.set(row, Math.max(lengths.get(row) ?? 0, column + 1));
  const [deep, wide] = [rows * along - gap.along, columns * across - gap.across];
  const swap = (a: number, b: number) => (direction === "down" ? { x: b, y: a } : { x: a, y: b });
  const at = (key: string): Point => {
    const { row, column } = places.get(key) ?? { row: 0, column: 0 };
    const start = ((columns - (lengths.get(row) ?? 1)) * across) / 2;
    const { x, y } = swap(row * along, start + column * across);
    return { x: x + margin.x, y: y + margin.y };
  };
  const { x, y } = swap(deep, wide);
  return { at, width: x + 2 * margin.x, height: y + 2 * margin.y };
}

function describeModel(node: LineageNode, home: string): Pick<DrawnBox, "key" | "kind" | "lines" | "title"> {
  const { name, id, version, license, status, creator, elsewhere, transfers, trade } = describeNode(node, home);
  const state = status === "" ? "not known here" : status === "active" ? "active" : status.toUpperCase();
  const hands = transfers > 0 ? `, ${transfers} ${transfers === 1 ? "transfer" : "transfers"}` : "";
  const lines = [
    name,
    [id, version].filter(Boolean).join("  "),
    state + hands,
    license,
    elsewhere === "" ? creator && `by ${creator}` : elsewhere,
    trade,
  ];
  const kind = node.model?.status ?? "unknown";
  return { key: node.key, kind, lines: shorten(lines), title: [node.key, trade].filter(Boolean).join("\n") };
}

function describeOutside(uri: string): Pick<DrawnBox, "key" | "kind" | "lines" | "title"> {
  const [, name = "", revision] = /^hf:\/\/([^@]*)(@.*)?$/.exec(uri) ?? [];
  const lines = name === "" ? [uri, "outside all registries"] : [name, revision ?? "", "Hugging Face Hub", "outside all registries"]; // prettier-ignore
  return { key: uri, kind: "outside", lines: shorten(lines), title: uri };
}

/** @param place - which of the lines it is that arrive at the child */
function drawLine(
  link: Link,
  at: (key: string) => Point,
  direction: Direction,
  place: { readonly i: number; readonly of: readonly Link[] },
): DrawnLine {
  const [from, to] = [at(link.parent), at(link.child)];
  const share = (place.i + 1) / (place.of.length + 1);
  const { gap } = SPACE[direction];
  const isDown = direction === "down";
  // Along the way of time, and across it.
  const start = isDown ? [from.y + BOX.height, from.x + BOX.width / 2] : [from.x + BOX.width, from.y + BOX.height / 2];
  const end = isDown ? [to.y, to.x + BOX.width * share] : [to.x, to.y + BOX.height * share];
  const point = (along: number, across: number) => (isDown ? `${across} ${along}` : `${along} ${across}`);
  const [[a1, c1], [a2, c2]] = [start, end] as [[number, number], [number, number]];
  const bend = Math.max(24, (a2 - a1) / 2);
  const [deep, wide] = isDown ? [BOX.height, BOX.width] : [BOX.width, BOX.height];
  // A line that passes other rows goes around the boxes between, on the side it comes from.
  const aside = a2 - a1 > gap.along + deep ? (c1 <= c2 ? -wide : wide) : 0;
  const labels = labelsOf(link);
  const isRepeated = place.of.slice(0, place.i).some((other) => labelsOf(other).join() === labels.join());
  return {
    parent: link.parent,
    child: link.child,
    path: `M${point(a1, c1)} C${point(a1 + bend, c1 + aside * 0.75)} ${point(a2 - bend, c2 + aside)} ${point(a2 - TIP, c2)}`,
    tip: `M${point(a2 - TIP - 1, c2 - 5)} L${point(a2, c2)} L${point(a2 - TIP - 1, c2 + 5)} Z`,
    labels: isRepeated ? [] : labels,
    labelAt: isDown ? { x: c2 + 8, y: a2 - 12 } : { x: a2 - 12, y: c2 - 6 },
    isEndorsed: "endorsed" in link && link.endorsed === true,
    isLoose: isLoose(link),
    title: "base" in link ? describeBase(link.base) : describeEdge(link),
  };
}

function labelsOf(link: Link): string[] {
  if ("base" in link) return [`${link.base.relation} (claimed)`];
  const { relation, endorsed } = link;
  const how = `${relation ?? "endorsed child"}${endorsed ? "" : " (claimed)"}`;
  const share = link.basisPoints === undefined ? [] : [describeShare(link.basisPoints)];
  return [how, ...(isLoose(link) ? ["licence asks for less"] : []), ...share];
}

function isLoose(link: Link): boolean {
  return "drift" in link && link.drift === "more-permissive";
}

function shorten(lines: readonly string[]): string[] {
  return lines.filter((line) => line !== "").map((line, i) => clip(line, i === 0 ? MAX_HEAD : MAX_TEXT));
}

function clip(text: string, max: number): string {
  const characters = [...text];
  return characters.length > max ? `${characters.slice(0, max - 1).join("")}…` : text;
}
