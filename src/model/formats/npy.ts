const MAGIC = Buffer.from("\x93NUMPY", "latin1");
const DESCRIPTION =
  /^\{'descr': '[<>|=]([fiucb])(\d{1,2})', 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), *\} *\n?$/;
const LETTERS: Readonly<Record<string, string>> = { f: "F", i: "I", u: "U", c: "C" };

/** What the header of one NumPy array says, where it is one of plain numbers. */
export interface PlainArray {
  readonly dtype: string;
  readonly shape: readonly number[];
}

/**
 * Reads the header at the start of a `.npy` file.
 *
 * @returns undefined where the bytes do not begin as a NumPy array; false where its type is no plain number type, or its
 *   header is longer than `start`: arrays of Python objects are pickles
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readPlainArray(start: Buffer): PlainArray | false | undefined {
  if (start.length < 12 || !start.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const [lengthBytes, length] = start[6] === 1 ? [2, start.readUInt16LE(8)] : [4, start.readUInt32LE(8)];
  const begin = MAGIC.length + 2 + lengthBytes;
  const match = DESCRIPTION.exec(start.toString("latin1", begin, begin + length));
  if (match === null) return false;
  const [, kind, bytes, dimensions] = match as unknown as [string, string, string, string];
  const shape = dimensions
    .split(",")
    .filter((text) => text.trim() !== "")
    .map(Number);
  return { dtype: kind === "b" ? "BOOL" : `${LETTERS[kind]}${Number(bytes) * 8}`, shape };
}
