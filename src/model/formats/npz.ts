import type { ByteSource } from "./byte-source.ts";
import type { Format } from "./format.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { readArrayHeader } from "./npy.ts";
import { type TensorEntry, assertTensorCount, assertTensorName, countElements } from "./tensor.ts";
import { readZipStart } from "./zip.ts";
import { type ZipEntry, listZip } from "./zip-directory.ts";

/** What a `.npz` archive holds. */
export interface NpzHeader {
  /** Its arrays of numbers. */
  readonly tensors: readonly TensorEntry[];
  /** Arrays of Python objects are pickles. */
  readonly hasObjects: boolean;
}

const SUFFIX = ".npy";

/** NumPy's archive of arrays. */
export const npz = {
  name: "npz",
  extensions: [".npz"],
  isWeight: true,
  mayRunCode: "by content",
  holdsTensors: "listed",
  read: async (_, source) => {
    const { tensors, hasObjects } = await readNpz(source);
    return { tensors, isUnsafe: hasObjects };
  },
} as const satisfies Format;

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
  let hasObjects = false;
  for (const entry of entries) {
    const { name, array } = await readArray(source, entry);
    hasObjects ||= array.hasObjects;
    if (array.numbers !== undefined) {
      tensors.push({ name, ...array.numbers, elements: countElements(name, array.numbers.shape) });
    }
  }
  return { tensors, hasObjects };
}

async function readArray(source: ByteSource, entry: ZipEntry) {
  const name = entry.name.slice(0, -SUFFIX.length);
  assertTensorName(name);
  const array = readArrayHeader(await readZipStart(source, entry));
  if (array === undefined) throw invalidHeader(`${quote(entry.name)} does not begin as a NumPy array`);
  return { name, array };
}
