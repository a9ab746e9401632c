import { Buffer } from "buffer";
import type { ByteCursor } from "./byte-cursor.ts";
import { invalidHeader, quote } from "./header-error.ts";

/** A metadata value as far as it is kept: scalars and short texts. */
export type GgufValue = number | bigint | boolean | string;

const MAX_KEYS = 65_536;
const MAX_KEY_BYTES = 65_535;
const MAX_KEPT_TEXT_BYTES = 4096;
const MAX_ARRAY_DEPTH = 4;
/** Everything before the data: real files have at most some 30 MB, the tokenizer's words. */
export const MAX_GGUF_HEADER_BYTES = 64 * 1024 * 1024;

const BOOL = 7;
const STRING = 8;
const ARRAY = 9;
// Bytes of a value by its type: u8 i8 u16 i16 u32 i32 f32 bool, string, array, u64 i64 f64.
const VALUE_BYTES = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];

const READ_VALUE: readonly (((bytes: Buffer) => GgufValue) | undefined)[] = [
  (bytes) => bytes.readUInt8(),
  (bytes) => bytes.readInt8(),
  (bytes) => bytes.readUInt16LE(),
  (bytes) => bytes.readInt16LE(),
  (bytes) => bytes.readUInt32LE(),
  (bytes) => bytes.readInt32LE(),
  (bytes) => bytes.readFloatLE(),
  (bytes) => bytes.readUInt8() === 1,
  undefined,
  undefined,
  (bytes) => bytes.readBigUInt64LE(),
  (bytes) => bytes.readBigInt64LE(),
  (bytes) => bytes.readDoubleLE(),
];

/**
 * Reads the key-value pairs of a GGUF file. Arrays and long texts are skipped, so that a tokenizer
 * of any size takes no memory.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readGgufMetadata(
  cursor: ByteCursor,
  count: bigint,
  warn: (text: string) => void,
): Promise<Map<string, GgufValue>> {
  if (count > MAX_KEYS) throw invalidHeader(`it declares ${count} metadata keys, more than the ${MAX_KEYS} allowed`);
  const seen = new Set<string>();
  const values = new Map<string, GgufValue>();
  for (let i = 0n; i < count; i++) {
    const key = await readGgufText(cursor, MAX_KEY_BYTES, "a metadata key", warn);
    if (seen.has(key)) throw invalidHeader(`the metadata key ${quote(key)} stands twice`);
    seen.add(key);
    const value = await readValue(cursor, await cursor.uint32(), key, warn);
    if (value !== undefined) values.set(key, value);
  }
  return values;
}

/**
 * Reads a text: 8 bytes of length, then UTF-8.
 *
 * @param warn - called where it is no UTF-8, and read as far as it is; without it such a text is refused
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readGgufText(
  cursor: ByteCursor,
  maxBytes: number,
  what: string,
  warn?: (text: string) => void,
): Promise<string> {
  const length = await cursor.uint64();
  if (length > BigInt(maxBytes))
    throw invalidHeader(`${what} claims ${length} bytes, more than the ${maxBytes} allowed`);
  return decode(await cursor.take(Number(length)), what, warn);
}

async function readValue(
  cursor: ByteCursor,
  type: number,
  key: string,
  warn: (text: string) => void,
): Promise<GgufValue | undefined> {
  if (type === ARRAY) return skipArray(cursor, key, 1);
  if (type === STRING) {
    const length = await cursor.uint64();
    if (length <= BigInt(MAX_KEPT_TEXT_BYTES))
      return decode(await cursor.take(Number(length)), `the value of ${quote(key)}`, warn);
    cursor.skip(length);
    return undefined;
  }
  const bytes = await cursor.take(sizeOf(type, key));
  if (type === BOOL && (bytes[0] as number) > 1) {
    throw invalidHeader(`the value of ${quote(key)} is ${bytes[0]}, which is no boolean`);
  }
  return READ_VALUE[type]?.(bytes);
}

async function skipArray(cursor: ByteCursor, key: string, depth: number): Promise<undefined> {
  if (depth > MAX_ARRAY_DEPTH)
    throw invalidHeader(`the array ${quote(key)} is nested more than ${MAX_ARRAY_DEPTH} deep`);
  const type = await cursor.uint32();
  const count = await cursor.uint64();
  const smallest = type === STRING ? 8 : type === ARRAY ? 12 : sizeOf(type, key);
  if (count * BigInt(smallest) > BigInt(cursor.left)) {
    throw invalidHeader(`the array ${quote(key)} claims ${count} values, more than the header can hold`);
  }
  if (type !== STRING && type !== ARRAY) return cursor.skip(count * BigInt(smallest)) as undefined;
  for (let i = 0n; i < count; i++) {
    if (type === STRING) cursor.skip(await cursor.uint64());
    else await skipArray(cursor, key, depth + 1);
  }
}

function sizeOf(type: number, key: string): number {
  const size = VALUE_BYTES[type];
  if (!size) throw invalidHeader(`the value of ${quote(key)} has the unknown type ${type}`);
  return size;
}

function decode(bytes: Uint8Array, what: string, warn?: (text: string) => void): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    if (warn === undefined) throw invalidHeader(`${what} is not valid UTF-8`, cause);
    warn(`${what} is not valid UTF-8`);
    return Buffer.from(bytes).toString("utf8");
  }
}
