import type { ByteSource } from "./byte-source.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { type TensorEntry, assertTensorCount, assertTensorName, countElements } from "./tensor.ts";
import { type ZipEntry, listZip, readZipStart } from "./zip.ts";

/** What a `.npz` archive holds. */
export interface NpzHeader {
  readonly tensors: readonly TensorEntry[];
  /** An array is of no plain number type: arrays of Python objects are pickles. */
  readonly hasObjects: boolean;
}

const SUFFIX = ".npy";
const MAGIC = Buffer.from("\x93NUMPY", "latin1");
const DESCRIPTION =
  /^\{'descr': '[<>|=]([fiucb])(\d{1,2})', 'fortran_order': (?:True|False), 'shape': \(([\d, ]*)\), *\} *\n?$/;
const LETTERS: Readonly<Record<string, string>> = { f: "F", i: "I", u: "U", c: "C" };

/**
 * Reads the headers of the arrays in a `.npz` archive.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export async function readNpz(source: ByteSource): Promise<NpzHeader> {
  const entries = (await listZip(source)).filter(({ name }) => name.endsWith(SUFFIX));
  assertTensorCount(entries.length);
  const tensors: TensorEntry[] = [];
  for (const entry of entries) {
    const tensor = await readArray(source, entry);
    if (tensor !== undefined) tensors.push(tensor);
  }
  return { tensors, hasObjects: tensors.length < entries.length };
}

async function readArray(source: ByteSource, entry: ZipEntry): Promise<TensorEntry | undefined> {
  const name = entry.name.slice(0, -SUFFIX.length);
  assertTensorName(name);
  const start = await readZipStart(source, entry);
  if (start.length < 12 || !start.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw invalidHeader(`${quote(entry.name)} does not begin as a NumPy array`);
  }
  const [lengthBytes, length] = start[6] === 1 ? [2, start.readUInt16LE(8)] : [4, start.readUInt32LE(8)];
  const begin = MAGIC.length + 2 + lengthBytes;
  const match = DESCRIPTION.exec(start.toString("latin1", begin, begin + length));
  if (match === null) return undefined;
  const [, kind, bytes, dimensions] = match as unknown as [string, string, string, string];
  const shape = dimensions
    .split(",")
    .filter((text) => text.trim() !== "")
    .map(Number);
  const dtype = kind === "b" ? "BOOL" : `${LETTERS[kind]}${Number(bytes) * 8}`;
  return { name, dtype, shape, elements: countElements(name, shape) };
}
