import { createReadStream } from "node:fs";
import { basename, dirname, join } from "node:path";
import { replaceFileAtomically } from "../base/atomic-write.ts";
import { ProvenanceError } from "../base/errors.ts";
import { acquireLock } from "../base/lock.ts";
import { COLUMNS, MISSING, MORE_COLUMNS } from "./columns.ts";
import { harmlessCell, readCsvLines, toCsvLine } from "./csv.ts";

const FIRST_OF_MORE = ["Revision", "License"] as const;
/** The columns of the table of models: those of the proof of concept, how a model is recorded, and what else is known. */
export const TABLE_COLUMNS: readonly string[] = [
  ...COLUMNS,
  "Token",
  "Batch",
  "Transaction",
  ...FIRST_OF_MORE,
  ...MORE_COLUMNS.filter((column) => !FIRST_OF_MORE.some((first) => first === column)),
];
const REVISION = TABLE_COLUMNS.indexOf("Revision");

/** How the registry holds a model; what is left out is not known, or not so. */
export interface RecordCells {
  readonly Token?: string | undefined;
  readonly Batch?: string | undefined;
  readonly Transaction?: string | undefined;
}

/** A model of the table, and where the rest of it is read when its row is written. */
export interface TableModel {
  readonly repository: string;
  /** The values of `COLUMNS` and `MORE_COLUMNS`, in their order. */
  readonly cells: () => Promise<readonly string[]>;
  readonly record: RecordCells;
}

/**
 * Finds out whether a file can be extended, before anything is done that belongs in it.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` for a file that is no table of models, or cannot be read
 */
export async function checkModelsTable(path: string): Promise<void> {
  const rows = readTable(path);
  while (!(await rows.next()).done);
}

/**
 * Adds models to a table, one row a repository and revision: rows that are there stay where they are and learn what is
 * new, the others follow in order. No row and no column is ever lost, be they of the proof of concept or somebody's own.
 * The new table takes the old one's place once it is whole.
 *
 * @throws {ProvenanceError} as {@link checkModelsTable}
 */
export async function extendModelsTable(path: string, models: readonly TableModel[]): Promise<void> {
  const left = Map.groupBy(models, ({ repository }) => harmlessCell(repository));
  const release = await acquireLock(join(dirname(path), ".model-provenance", `${basename(path)}.lock`));
  try {
    await replaceFileAtomically(path, async (file) => {
      let width = 0;
      const lines = createBlockWriter(async (text) => void (await file.appendFile(text)));
      for await (const row of readTable(path)) {
        width = row.length;
        await lines.add(toCsvLine(await mergeAll(row, left)));
      }
      for (const model of models) {
        if (!left.get(harmlessCell(model.repository))?.includes(model)) continue;
        const row = await mergeAll(await toRow(model), left);
        await lines.add(toCsvLine([...row, ...Array<string>(width - row.length).fill(MISSING)]));
      }
      await lines.end();
    });
  } finally {
    await release();
  }
}

const BLOCK_LENGTH = 64 * 1024;

/** Hands lines on in blocks: a write a row would cost more than the row. */
function createBlockWriter(write: (text: string) => Promise<void>) {
  let block = "";
  const end = async () => {
    const text = block;
    block = "";
    await write(text);
  };
  const add = async (line: string) => {
    block += line;
    if (block.length >= BLOCK_LENGTH) await end();
  };
  return { add, end };
}

/** Writes into a row what is known of its model now, and takes it from those that are left. */
async function mergeAll(row: readonly string[], left: Map<string, TableModel[]>): Promise<readonly string[]> {
  const name = row[0] as string;
  let merged = row;
  for (const model of left.get(name) ?? []) {
    const known = await toRow(model);
    if (!isSameModel(row, known)) continue;
    merged = merged.map((cell, i) => (known[i] === undefined || known[i] === MISSING ? cell : known[i]));
    left.set(name, left.get(name)?.filter((other) => other !== model) ?? []);
  }
  return merged;
}

/** A row that names no revision is of this one where all that the proof of concept knew is the same. */
function isSameModel(row: readonly string[], known: readonly string[]): boolean {
  if (row[REVISION] === known[REVISION]) return true;
  return row[REVISION] === MISSING && COLUMNS.every((_, i) => row[i] === known[i]);
}

async function toRow({ cells, record }: TableModel): Promise<string[]> {
  const values = await cells();
  const byName = new Map<string, string | undefined>([
    ...[...COLUMNS, ...MORE_COLUMNS].map((column, i) => [column, values[i]] as const),
    ...Object.entries(record),
  ]);
  return TABLE_COLUMNS.map((column) => harmlessCell(byName.get(column) ?? MISSING));
}

/** Reads a table row by row, the header first: our columns in our order, then all others. A file that is not there has a header. */
async function* readTable(path: string): AsyncGenerator<string[], void> {
  let places: number[] | undefined;
  let length = 0;
  try {
    for await (const line of readCsvLines(decode(createReadStream(path)))) {
      if (places === undefined) {
        if (COLUMNS.some((column, i) => line[i] !== column)) throw new Error("its first line is another");
        length = line.length;
        places = placesIn(line);
        yield [...TABLE_COLUMNS, ...places.slice(TABLE_COLUMNS.length).map((place) => line[place] as string)];
        continue;
      }
      if (line.length > length) throw new Error(`a row has ${line.length} cells, and the first line ${length}`);
      yield places.map((place) => line[place] ?? MISSING);
    }
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw refuse(path, cause as NodeJS.ErrnoException);
  }
  if (places === undefined) yield [...TABLE_COLUMNS];
}

/** Where each of our columns stands in a header (-1: nowhere), then where the others do. */
function placesIn(header: readonly string[]): number[] {
  const own = TABLE_COLUMNS.map((column) => header.indexOf(column));
  return [...own, ...[...header.keys()].filter((place) => !own.includes(place))];
}

async function* decode(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for await (const piece of bytes) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}

function refuse(path: string, cause: NodeJS.ErrnoException): ProvenanceError {
  const text = `The file ${path} is no table of models that can be extended: ${cause.code ?? cause.message}.`;
  return new ProvenanceError("OPTION_INVALID", `${text} Name another file, or move this one away.`, { cause });
}
