// A spreadsheet takes a cell that begins like this for a formula and runs it.
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
// Where a program divides lines at other signs than commas, what follows them begins a cell as well. In JSON these signs
// stand within texts alone: it stays JSON.
const INNER_FORMULA = /([;\t\r\n][ \u00A0"\\]*)(?=[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/g;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Writes one line of a CSV file. A text that a spreadsheet would run as a formula gets an apostrophe before it, also
 * within a cell after `;`, a tab or the end of a line; the rest stays as it is.
 *
 * @returns the line with its end, CRLF
 * @see RFC 4180; OWASP, CSV Injection
 */
export function toCsvLine(cells: readonly string[]): string {
  return `${cells.map(toCsvField).join(",")}\r\n`;
}

function toCsvField(text: string): string {
  const within = text.replace(INNER_FORMULA, "$1'");
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${within}` : within;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
