import type { ByteSource } from "./byte-source.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { readPlainArray } from "./npy.ts";
import { type TensorEntry, assertTensorCount, assertTensorName, countElements } from "./tensor.ts";
import { type ZipEntry, listZip, readZipStart } from "./zip.ts";

/** What a `.npz` archive holds. */
export interface NpzHeader {
  readonly tensors: readonly TensorEntry[];
  /** An array is of no plain number type: arrays of Python objects are pickles. */
  readonly hasObjects: boolean;
}

const SUFFIX = ".npy";

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
  const array = readPlainArray(start);
  if (array === undefined) throw invalidHeader(`${quote(entry.name)} does not begin as a NumPy array`);
  if (array === false) return undefined;
  return { name, ...array, elements: countElements(name, array.shape) };
}
