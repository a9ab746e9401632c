// A spreadsheet takes a cell that begins like this for a formula and runs it.
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * Writes one line of a CSV file. A text that a spreadsheet would run as a formula gets an apostrophe before it; the rest
 * stays as it is.
 *
 * @returns the line with its end, CRLF
 * @see RFC 4180; OWASP, CSV Injection
 */
export function toCsvLine(cells: readonly string[]): string {
  return `${cells.map(toCsvField).join(",")}\r\n`;
}

function toCsvField(text: string): string {
  const harmless = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
