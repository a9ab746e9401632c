import { ByteCursor } from "./byte-cursor.ts";
import type { ByteSource } from "./byte-source.ts";
import { GGUF_TYPES } from "./dtypes.ts";
import { type Format, MAX_HEADER_TEXT } from "./format.ts";
import { type GgufValue, MAX_GGUF_HEADER_BYTES, readGgufMetadata, readGgufText } from "./gguf-metadata.ts";
import { invalidHeader, quote } from "./header-error.ts";
import {
  MAX_NAME_BYTES,
  type TensorEntry,
  alignUp,
  assertContiguous,
  assertTensorCount,
  assertTensorName,
  countElements,
} from "./tensor.ts";

/** The header of a GGUF file. */
export interface GgufHeader {
  readonly version: number;
  /** Scalars and short texts; arrays are left out. */
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** In the order of their bytes. Those of a type that is not known here have no place: nothing says what their bytes are. */
  readonly tensors: readonly TensorEntry[];
  readonly warnings: readonly string[];
}

/** What stands before the number of a type that is not known here. */
const UNKNOWN = "TYPE_";
const MAGIC = 0x46554747; // "GGUF"
const VERSIONS = new Set([2, 3]);
const DEFAULT_ALIGNMENT = 32;
const MAX_ALIGNMENT = 1024 * 1024;
const MAX_DIMENSIONS = 8;

/** ggml's format of one file with everything. */
export const gguf = {
  name: "gguf",
  extensions: [".gguf"],
  isWeight: true,
  mayRunCode: "never",
  holdsTensors: "raw",
  read: async (name, source) => {
    const { tensors, metadata, version, warnings } = await readGguf(name, source);
    const architecture = metadata.get("general.architecture");
    return {
      tensors,
      warnings,
      gguf: metadata,
      framework: { name: "GGUF", version: String(version) },
      ...(typeof architecture === "string" && architecture.length <= MAX_HEADER_TEXT && { architecture }),
    };
  },
} as const satisfies Format;

/**
 * Reads the header of a GGUF file, version 2 or 3, little-endian. Shapes are given outermost dimension first,
 * as safetensors has them; the file holds them the other way round.
 *
 * @param name - the file's name in the model
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 * @see https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
 */
export async function readGguf(name: string, source: ByteSource): Promise<GgufHeader> {
  const cursor = new ByteCursor(source, 0, Math.min(source.size, MAX_GGUF_HEADER_BYTES));
  if ((await cursor.uint32()) !== MAGIC) throw invalidHeader("it does not begin with GGUF");
  const version = await readVersion(cursor);
  const tensorCount = await cursor.uint64();
  const keyCount = await cursor.uint64();
  assertTensorCount(tensorCount);
  const warnings: string[] = [];
  const metadata = await readGgufMetadata(cursor, keyCount, (text) => warnings.push(text));
  const alignment = readAlignment(metadata.get("general.alignment"));

  const infos = new Map<string, TensorInfo>();
  for (let i = 0n; i < tensorCount; i++) {
    const info = await readTensorInfo(cursor, alignment);
    if (infos.has(info.name)) throw invalidHeader(`the tensor ${quote(info.name)} stands twice`);
    infos.set(info.name, info);
  }
  const begin = alignUp(cursor.position, alignment);
  const tensors = placeTensors([...infos.values()], name, begin, source.size);
  // Without tensors nothing is there to be aligned, and what follows can only be padding.
  const dataStart = tensors.length === 0 ? Math.min(begin, source.size) : begin;
  const { inOrder, trailing } = assertContiguous(tensors, dataStart, source.size, alignment, true);
  if (trailing > 0) warnings.push(`${trailing} bytes follow its last tensor`);
  const unknown = new Set(inOrder.map(({ dtype }) => dtype).filter((dtype) => dtype.startsWith(UNKNOWN)));
  for (const dtype of unknown) warnings.push(`its tensor type ${dtype.slice(UNKNOWN.length)} is not known here`);
  const known = inOrder.map(({ place, ...rest }) => (unknown.has(rest.dtype) ? rest : { ...rest, place }));
  return { version, metadata, tensors: known, warnings };
}

/** Says where tensors lie. One of an unknown type ends where the next one begins, or the file. */
function placeTensors(infos: readonly TensorInfo[], file: string, begin: number, end: number) {
  const offsets = infos.map(({ offset }) => offset).sort((a, b) => a - b);
  const next = new Map(offsets.map((offset, i) => [offset, offsets[i + 1] ?? Math.max(offset, end - begin)]));
  return infos.map(({ offset, length, ...info }) => {
    const upTo = next.get(offset) ?? offset;
    return { ...info, place: { file, offset: begin + offset, length: length ?? upTo - offset } };
  });
}

interface TensorInfo extends Omit<TensorEntry, "place"> {
  /** From the start of the data. */
  readonly offset: number;
  /** Undefined where its type is not known. */
  readonly length?: number;
}

async function readVersion(cursor: ByteCursor): Promise<number> {
  const version = await cursor.uint32();
  if (VERSIONS.has(version)) return version;
  // A version number fits 16 bits: only the other byte order has its bits at the other end.
  if ((version & 0xffff) === 0) throw invalidHeader("it is a big-endian GGUF file; only little-endian ones are read");
  throw invalidHeader(`it has the GGUF version ${version}; 2 and 3 are read`);
}

function readAlignment(value: GgufValue | undefined): number {
  if (value === undefined) return DEFAULT_ALIGNMENT;
  if (typeof value === "number" && value >= 8 && value <= MAX_ALIGNMENT && value % 8 === 0) return value;
  throw invalidHeader(`general.alignment is ${quote(String(value))}, which is no multiple of 8 up to ${MAX_ALIGNMENT}`);
}

async function readTensorInfo(cursor: ByteCursor, alignment: number): Promise<TensorInfo> {
  const name = await readGgufText(cursor, MAX_NAME_BYTES, "a tensor name");
  assertTensorName(name);
  const rank = await cursor.uint32();
  if (rank > MAX_DIMENSIONS)
    throw invalidHeader(`the tensor ${quote(name)} has ${rank} dimensions, more than ${MAX_DIMENSIONS}`);
  const dimensions: number[] = [];
  for (let i = 0; i < rank; i++) dimensions.push(Number(await cursor.uint64()));
  const elements = countElements(name, dimensions);
  const typeNumber = await cursor.uint32();
  const offset = await cursor.uint64();
  const type = GGUF_TYPES[typeNumber];
  if (offset % BigInt(alignment) !== 0n || offset > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw invalidHeader(
      `the tensor ${quote(name)} has the offset ${offset}, which is no multiple of ${alignment} in the file`,
    );
  }
  const shape = dimensions.toReversed();
  if (type === undefined) return { name, dtype: `${UNKNOWN}${typeNumber}`, shape, elements, offset: Number(offset) };
  const [dtype, blockElements, blockBytes] = type;
  if ((dimensions[0] ?? 1) % blockElements !== 0) {
    throw invalidHeader(
      `the tensor ${quote(name)} has rows of ${dimensions[0]} elements; ${dtype} needs blocks of ${blockElements}`,
    );
  }
  const length = BigInt(elements / blockElements) * BigInt(blockBytes);
  if (length > BigInt(Number.MAX_SAFE_INTEGER))
    throw invalidHeader(`the tensor ${quote(name)} is larger than any file`);
  return { name, dtype, shape, elements, offset: Number(offset), length: Number(length) };
}
