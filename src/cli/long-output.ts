import { type Terminal, table } from "./terminal.ts";

// What is printed at once: more would stand in memory several times.
const PIECE = 1000;

/** Prints a document as `JSON.stringify(document, null, 2)` writes it; long lists in it piece by piece. */
export function printJson(terminal: Terminal, document: Readonly<Record<string, unknown>>): void {
  const entries = Object.entries(document).filter(([, value]) => value !== undefined);
  if (!entries.some(([, value]) => isLong(value))) {
    terminal.print(JSON.stringify(document, null, 2));
    return;
  }
  terminal.print("{");
  entries.forEach(([key, value], i) => {
    const comma = i < entries.length - 1 ? "," : "";
    const name = `  ${JSON.stringify(key)}: `;
    if (isLong(value)) printList(terminal, name, value, comma);
    else terminal.print(`${name}${indent(JSON.stringify(value, null, 2))}${comma}`);
  });
  terminal.print("}");
}

/**
 * Prints rows in columns, as `table` lays them out; many of them piece by piece.
 *
 * @param rowAt - makes a row, and may be asked for it twice: once for its widths
 */
export function printTable(
  terminal: Terminal,
  head: readonly string[],
  count: number,
  rowAt: (index: number) => readonly string[],
): void {
  const widths = head.map(({ length }) => length);
  for (let i = 0; i < count; i++) {
    rowAt(i).forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  }
  // As wide as the widest cells: it lays out every piece like the others, and is taken off again.
  const ruler = widths.map((width) => ".".repeat(width));
  for (let start = 0; start < Math.max(1, count); start += PIECE) {
    const rows = Array.from({ length: Math.min(PIECE, count - start) }, (_, i) => rowAt(start + i));
    const text = table([ruler, ...(start === 0 ? [head] : []), ...rows]);
    terminal.print(text.slice(text.indexOf("\n") + 1));
  }
}

function isLong(value: unknown): value is readonly unknown[] {
  return Array.isArray(value) && value.length > PIECE;
}

function printList(terminal: Terminal, name: string, list: readonly unknown[], comma: string): void {
  terminal.print(`${name}[`);
  for (let start = 0; start < list.length; start += PIECE) {
    const end = start + PIECE;
    // Without the brackets and their line ends.
    const items = JSON.stringify(list.slice(start, end), null, 2).slice(2, -2);
    terminal.print(`  ${indent(items)}${end < list.length ? "," : ""}`);
  }
  terminal.print(`  ]${comma}`);
}

/** Strings hold no line ends in JSON: all there are stand between values. */
function indent(json: string): string {
  return json.replaceAll("\n", "\n  ");
}
