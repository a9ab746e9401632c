import { type ByteSource, readBytes } from "./byte-source.ts";
import { SAFETENSORS_BITS } from "./dtypes.ts";
import type { Format } from "./format.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { isObject, parseStrictJson } from "./strict-json.ts";
import { type TensorEntry, assertContiguous, assertTensorCount, assertTensorName, countElements } from "./tensor.ts";

/** The header of a safetensors file. */
export interface SafetensorsHeader {
  /** `__metadata__`: free text that the writer left. */
  readonly metadata: Readonly<Record<string, string>>;
  /** In the order of their bytes. */
  readonly tensors: readonly Required<TensorEntry>[];
  readonly warnings: readonly string[];
}

const LENGTH_BYTES = 8;
// As the reference implementation (MAX_HEADER_SIZE).
const LIMITS = { maxBytes: 100_000_000, maxDepth: 4, maxTokens: 6_000_000 };
const DTYPE = /^[A-Z][A-Z0-9_]{0,31}$/;
const METADATA_KEY = "__metadata__";
const OPENING_BRACE = 0x7b;

/** Hugging Face's format: a JSON header, then the tensors. */
export const safetensors = {
  name: "safetensors",
  extensions: [".safetensors"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "raw",
  read: async (name, source) => {
    const { tensors, warnings } = await readSafetensors(name, source);
    return { tensors, warnings };
  },
} as const satisfies Format;

/**
 * Reads the header of a safetensors file: 8 bytes little-endian header length, a JSON object, the data.
 * The tensors must cover the data without overlap or gap, each with as many bytes as its dtype and shape need.
 *
 * @param name - the file's name in the model
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 * @see https://github.com/huggingface/safetensors, section Format
 */
export async function readSafetensors(name: string, source: ByteSource): Promise<SafetensorsHeader> {
  if (source.size < LENGTH_BYTES) throw invalidHeader(`it has ${source.size} bytes, less than a header length`);
  const length = (await readBytes(source, 0, LENGTH_BYTES)).readBigUInt64LE();
  if (length > BigInt(LIMITS.maxBytes)) throw invalidHeader(`its header claims ${length} bytes, more than is allowed`);
  const begin = LENGTH_BYTES + Number(length);
  if (begin > source.size) throw invalidHeader(`its header claims ${length} bytes, the file has ${source.size} in all`);

  const bytes = await readBytes(source, LENGTH_BYTES, Number(length));
  if (bytes[0] !== OPENING_BRACE) throw invalidHeader("its header does not begin with an opening brace");
  const header = parseStrictJson(bytes, "its header", LIMITS);
  const entries = Object.entries(header).filter(([key]) => key !== METADATA_KEY);
  assertTensorCount(entries.length);
  const tensors = entries.map(([key, value]) => readTensor(key, value, name, begin, source.size));
  const unknown = new Set(tensors.map(({ dtype }) => dtype).filter((dtype) => !Object.hasOwn(SAFETENSORS_BITS, dtype)));
  return {
    metadata: readMetadata(header[METADATA_KEY]),
    tensors: assertContiguous(tensors, begin, source.size, 1).inOrder,
    warnings: [...unknown].map((dtype) => `its dtype ${dtype} is not known here`),
  };
}

function readMetadata(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (isObject(value) && Object.values(value).every((text) => typeof text === "string")) {
    return value as Record<string, string>;
  }
  throw invalidHeader("its __metadata__ holds something else than texts");
}

function readTensor(name: string, value: unknown, file: string, begin: number, size: number): Required<TensorEntry> {
  assertTensorName(name);
  if (!isObject(value)) throw invalidHeader(`the entry of ${quote(name)} is no object`);
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== "string" || !DTYPE.test(dtype)) throw invalidHeader(`the tensor ${quote(name)} has no dtype`);
  const bits = Object.hasOwn(SAFETENSORS_BITS, dtype) ? (SAFETENSORS_BITS[dtype] as number) : undefined;
  if (!Array.isArray(shape)) throw invalidHeader(`the tensor ${quote(name)} has no shape`);
  const elements = countElements(name, shape);
  const [from, to] = readOffsets(name, offsets);
  if (from > to || to > size - begin) {
    throw invalidHeader(`the tensor ${quote(name)} lies outside the file (${from} to ${to} of ${size - begin})`);
  }
  // Where a dtype is newer than this list, the offsets alone say how long its tensors are.
  if (bits !== undefined && BigInt(elements) * BigInt(bits) !== BigInt(to - from) * 8n) {
    throw invalidHeader(`the tensor ${quote(name)} has ${to - from} bytes, which its dtype and shape do not give`);
  }
  const place = { file, offset: begin + from, length: to - from };
  return { name, dtype, shape: shape as number[], elements, place };
}

function readOffsets(name: string, offsets: unknown): readonly [number, number] {
  const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
  if (isCount(from) && isCount(to)) return [from, to];
  throw invalidHeader(`the tensor ${quote(name)} has no data_offsets of two non-negative integers`);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
