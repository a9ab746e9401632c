import { printable } from "./terminal.ts";

const GAP = 2;
const MIN_COLUMN = 6;
const ELLIPSIS = "…";
const segmenter = new Intl.Segmenter();
const WIDE =
  /\p{Extended_Pictographic}|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]/u;

/** Where a table is printed, and what of it matters. */
export interface FitTableOptions {
  /** Of the terminal, in cells; without one nothing is cut. */
  readonly width?: number | undefined;
  /** How wide each column would like to be, in cells: where room is short, what is widest against that is cut first. */
  readonly wishes?: readonly number[];
  /** Which columns hold texts that begin and end alike as often: they are cut in their middle. */
  readonly inMiddle?: readonly number[];
}

/**
 * Lays out texts of strangers as a table of at most a width: what could move the cursor is escaped, and the widest
 * columns are cut first. On a terminal too narrow for a table each row becomes lines of their own.
 *
 * @param header - a name a column
 */
export function fitTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  { width = Infinity, wishes = [], inMiddle = [] }: FitTableOptions = {},
): string {
  const cells = [header, ...rows].map((row) => row.map(printable));
  const widths = header.map((_, column) => cells.reduce((most, row) => Math.max(most, widthOf(row[column] ?? "")), 0));
  const room = width - GAP * (header.length - 1);
  if (room < MIN_COLUMN * header.length) return asLines(cells, width);
  shrink(widths, room, wishes);
  return cells
    .map((row) =>
      row.map((cell, column) => {
        const room = widths[column] as number;
        return pad(inMiddle.includes(column) ? cutMiddle(cell, room) : cut(cell, room), room);
      }),
    )
    .map((row) => row.join(" ".repeat(GAP)).trimEnd())
    .join("\n");
}

/** How many cells of a terminal a text takes. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Cuts a text to a number of cells; what was cut is marked. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = "";
  let left = width - 1;
  for (const { segment } of segmenter.segment(text)) {
    left -= widthOf(segment);
    if (left < 0) break;
    kept += segment;
  }
  return kept + ELLIPSIS;
}

/** Cuts a text to a number of cells in its middle. */
function cutMiddle(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const head = cut(text, Math.ceil((width + 1) / 2));
  const pieces = [...segmenter.segment(text)].map(({ segment }) => segment);
  let left = width - widthOf(head);
  let start = pieces.length;
  while ((left -= widthOf(pieces[start - 1] ?? "")) >= 0) start--;
  return head + pieces.slice(start).join("");
}

/** Takes from the column that is widest against its wish until all fit; none becomes narrower than six cells. */
function shrink(widths: number[], room: number, wishes: readonly number[]): void {
  widths.forEach((width, i) => (widths[i] = Math.min(width, Math.max(MIN_COLUMN, room))));
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    let [widest, most] = [-1, 0];
    widths.forEach((width, i) => {
      const share = width / (wishes[i] ?? 1);
      if (width > MIN_COLUMN && share > most) [widest, most] = [i, share];
    });
    widths[widest] = (widths[widest] as number) - 1;
  }
}

function asLines([header, ...rows]: string[][], width: number): string {
  const names = header ?? [];
  return rows
    .map((row) => row.map((cell, i) => cut(`${names[i]}: ${cell}`, Math.max(1, width))).join("\n"))
    .join("\n\n");
}

function pad(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - widthOf(text)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
