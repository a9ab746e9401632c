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

/** The text of a cell as it stands in a file, no formula any more; one that was read from a file stays as it is. */
export function harmlessCell(text: string): string {
  const within = text.replace(INNER_FORMULA, "$1'");
  return FORMULA.test(text) && !NUMBER.test(text) ? `'${within}` : within;
}

/**
 * Reads a CSV file line by line, whatever its lines end with. Empty lines are left out.
 *
 * @param pieces - the file's text
 * @throws an error that says what is wrong with it
 */
export async function* readCsvLines(pieces: AsyncIterable<string>): AsyncGenerator<string[], void> {
  let fields: string[] = [];
  let field = "";
  let state: "begin" | "plain" | "quoted" | "after quote" = "begin";
  for await (const piece of pieces) {
    for (const sign of piece) {
      if (state === "quoted" && sign !== '"') field += sign;
      else if (state === "quoted") state = "after quote";
      else if (sign === '"' && state !== "plain") {
        if (state === "after quote") field += sign;
        state = "quoted";
      } else if (/[,\r\n]/.test(sign)) {
        fields.push(field);
        [field, state] = ["", "begin"];
        if (sign === ",") continue;
        if (fields.length > 1 || fields[0] !== "") yield fields;
        fields = [];
      } else if (state === "after quote") throw new Error("a quoted cell goes on after its end");
      else [field, state] = [field + sign, "plain"];
    }
  }
  if (state === "quoted") throw new Error("it breaks off within a quoted cell");
  if (fields.length > 0 || field !== "") yield [...fields, field];
}

function toCsvField(text: string): string {
  const harmless = harmlessCell(text);
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
