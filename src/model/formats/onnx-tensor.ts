import { dirname, join } from "../../base/posix-path.ts";
import type { ByteCursor } from "./byte-cursor.ts";
import { ONNX_TYPES, type OnnxType } from "./dtypes.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { type FieldBudget, type ProtobufField, WIRE, readProtobufText, readVarint, walkFields } from "./protobuf.ts";
import { MAX_NAME_BYTES, type TensorEntry, type TensorPlace, assertTensorName, countElements } from "./tensor.ts";

/** What stands before the number of a data type that is not known here. */
export const UNKNOWN_TYPE = "TYPE_";
const TENSOR = { dims: 1, dataType: 2, name: 8, rawData: 9, externalData: 13, dataLocation: 14 };
const ENTRY = { key: 1, value: 2 };
const EXTERNAL = 1n;
const MAX_RANK = 64;
const MAX_ENTRIES = 16;
const MAX_TEXT_BYTES = 4096;
const DECIMAL = /^\d{1,16}$/;

interface RawTensor {
  name: string;
  dims: number[];
  dataType: bigint;
  raw?: ProtobufField;
  external: Map<string, string>;
  isExternal: boolean;
}

/**
 * Reads a TensorProto but for its data.
 *
 * @param file - name of the ONNX file in the model: external data lies relative to it
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readOnnxTensor(
  cursor: ByteCursor,
  field: ProtobufField,
  budget: FieldBudget,
  file: string,
): Promise<TensorEntry> {
  const tensor = await readFields(cursor, field, budget);
  const { name, dims, dataType } = tensor;
  assertTensorName(name);
  const type = ONNX_TYPES[Number(dataType)];
  const elements = countElements(name, dims);
  if (dataType === 0n) throw invalidHeader(`the initializer ${quote(name)} has no data type`);
  if (type === undefined) return { name, dtype: `${UNKNOWN_TYPE}${dataType}`, shape: dims, elements };
  const place = tensor.isExternal
    ? placeOfExternal(tensor, type, elements, file)
    : placeOfRaw(tensor, type, elements, file);
  return { name, dtype: type[0], shape: dims, elements, ...(place && { place }) };
}

async function readFields(
  cursor: ByteCursor,
  { offset, length }: ProtobufField,
  budget: FieldBudget,
): Promise<RawTensor> {
  const tensor: RawTensor = { name: "", dims: [], dataType: 0n, external: new Map(), isExternal: false };
  cursor.position = offset;
  await walkFields(cursor, offset + length, budget, async (field) => {
    const isBytes = field.wireType === WIRE.bytes;
    if (field.number === TENSOR.dims) await readDimensions(cursor, field, tensor.dims);
    else if (field.number === TENSOR.dataType && !isBytes) tensor.dataType = field.value;
    else if (field.number === TENSOR.dataLocation && !isBytes) tensor.isExternal = field.value === EXTERNAL;
    else if (field.number === TENSOR.name && isBytes) {
      tensor.name = await readProtobufText(cursor, field, MAX_NAME_BYTES, "an initializer's name");
    } else if (field.number === TENSOR.rawData && isBytes) {
      if (tensor.raw !== undefined) throw invalidHeader(`the initializer ${quote(tensor.name)} has raw_data twice`);
      tensor.raw = field;
    } else if (field.number === TENSOR.externalData && isBytes) await readEntry(cursor, field, budget, tensor.external);
  });
  return tensor;
}

/** Dimensions come one by one or packed into one field. */
async function readDimensions(cursor: ByteCursor, field: ProtobufField, into: number[]): Promise<void> {
  const push = (value: bigint) => {
    if (into.length >= MAX_RANK) throw invalidHeader(`an initializer has more than ${MAX_RANK} dimensions`);
    into.push(Number(BigInt.asIntN(64, value)));
  };
  if (field.wireType === WIRE.varint) push(field.value);
  if (field.wireType !== WIRE.bytes) return;
  cursor.position = field.offset;
  const end = field.offset + field.length;
  while (cursor.position < end) push(await readVarint(cursor));
  if (cursor.position !== end) throw invalidHeader("the dimensions of an initializer end in the middle of a number");
}

async function readEntry(
  cursor: ByteCursor,
  { offset, length }: ProtobufField,
  budget: FieldBudget,
  into: Map<string, string>,
) {
  let key = "";
  let value = "";
  cursor.position = offset;
  await walkFields(cursor, offset + length, budget, async (field) => {
    if (field.wireType !== WIRE.bytes) return;
    if (field.number === ENTRY.key) key = await readProtobufText(cursor, field, MAX_TEXT_BYTES, "an external_data key");
    if (field.number === ENTRY.value)
      value = await readProtobufText(cursor, field, MAX_TEXT_BYTES, "an external_data value");
  });
  if (into.has(key)) throw invalidHeader(`external_data has the key ${quote(key)} twice`);
  if (into.size >= MAX_ENTRIES) throw invalidHeader(`external_data has more than ${MAX_ENTRIES} keys`);
  into.set(key, value);
}

function placeOfRaw(
  { name, raw }: RawTensor,
  [dtype, bits]: OnnxType,
  elements: number,
  file: string,
): TensorPlace | undefined {
  if (raw === undefined) return undefined;
  if (bits === 0) throw invalidHeader(`the initializer ${quote(name)} has raw_data of the type ${dtype}`);
  assertLength(name, raw.length, bits, elements);
  return { file, offset: raw.offset, length: raw.length };
}

function placeOfExternal(
  { name, raw, external }: RawTensor,
  [, bits]: OnnxType,
  elements: number,
  file: string,
): TensorPlace {
  if (raw !== undefined) throw invalidHeader(`the initializer ${quote(name)} has raw_data and external data`);
  const location = external.get("location") ?? "";
  const parts = location.split(/[/\\]/);
  if (location.includes("\0") || location.includes("\\") || parts.includes("..") || parts[0] === "") {
    throw invalidHeader(
      `the external data of ${quote(name)} lies at ${quote(location)}, which is no path below the model`,
    );
  }
  const offset = readNumber(name, external.get("offset") ?? "0");
  const length = readNumber(name, external.get("length") ?? String(bytesOf(bits, elements)));
  assertLength(name, length, bits, elements);
  return { file: join(dirname(file), location), offset, length };
}

function readNumber(name: string, text: string): number {
  if (DECIMAL.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
  throw invalidHeader(`the external data of ${quote(name)} has the offset or length ${quote(text)}`);
}

function assertLength(name: string, length: number, bits: number, elements: number): void {
  if (BigInt(length) === bytesOf(bits, elements)) return;
  throw invalidHeader(`the initializer ${quote(name)} has ${length} bytes, which its type and dimensions do not give`);
}

function bytesOf(bits: number, elements: number): bigint {
  return (BigInt(bits) * BigInt(elements) + 7n) / 8n;
}
