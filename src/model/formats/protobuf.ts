import type { Buffer } from "buffer";
import type { ByteCursor } from "./byte-cursor.ts";
import { invalidHeader } from "./header-error.ts";

/** One field of a protobuf message: where its content lies, and its value where that is a number. */
export interface ProtobufField {
  readonly number: number;
  readonly wireType: number;
  /** The value of a varint; 0 for other wire types. */
  readonly value: bigint;
  /** First byte of the content, from the start of the file. */
  readonly offset: number;
  /** Length of the content in bytes. */
  readonly length: number;
}

/** How many fields may still be read of a file. */
export interface FieldBudget {
  left: number;
}

/** Wire types. @see https://protobuf.dev/programming-guides/encoding */
export const WIRE = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

const SMALL_VARINT_BYTES = 4;
const MAX_VARINT_BYTES = 10;
const MAX_FIELD_NUMBER = 0x1fffffff;

/**
 * Walks over the fields of a message without reading their content: the handler takes what it wants,
 * the rest is skipped.
 *
 * @param end - where the message ends
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID` for what is no protobuf, and for more fields than the budget allows
 */
export async function walkFields(
  cursor: ByteCursor,
  end: number,
  budget: FieldBudget,
  handle: (field: ProtobufField) => Promise<void> | void,
): Promise<void> {
  while (cursor.position < end) {
    if (--budget.left < 0) throw invalidHeader("it has more protobuf fields than are read");
    const field = readField(await cursor.peek(2 * MAX_VARINT_BYTES), cursor.position);
    const next = field.offset + field.length;
    if (next > end) {
      throw invalidHeader(`the protobuf field ${field.number} ends at byte ${next}, but its message at ${end}`);
    }
    await handle(field);
    cursor.position = next;
  }
}

/** Reads an unsigned varint. @throws {ProvenanceError} `MODEL_HEADER_INVALID` for more than 64 bits */
export async function readVarint(cursor: ByteCursor): Promise<bigint> {
  const { value, length } = parseVarint(await cursor.peek(MAX_VARINT_BYTES), 0);
  cursor.position += length;
  return value;
}

/** Reads a text field. @throws {ProvenanceError} `MODEL_HEADER_INVALID` if it is too long or not UTF-8 */
export async function readProtobufText(
  cursor: ByteCursor,
  { offset, length }: ProtobufField,
  maxBytes: number,
  what: string,
): Promise<string> {
  if (length > maxBytes) throw invalidHeader(`${what} has ${length} bytes, more than the ${maxBytes} allowed`);
  cursor.position = offset;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await cursor.take(length));
  } catch (cause) {
    if (cause instanceof TypeError) throw invalidHeader(`${what} is not valid UTF-8`, cause);
    throw cause;
  }
}

/** Reads a field's head from bytes that hold all of it. */
function readField(bytes: Buffer, position: number): ProtobufField {
  const tag = parseVarint(bytes, 0);
  const number = Number(tag.value >> 3n);
  if (number === 0 || number > MAX_FIELD_NUMBER) {
    throw invalidHeader(`at byte ${position} stands the protobuf field number ${number}`);
  }
  const wireType = Number(tag.value & 7n);
  const offset = position + tag.length;
  switch (wireType) {
    case WIRE.varint: {
      const { value, length } = parseVarint(bytes, tag.length);
      return { number, wireType, value, offset: offset + length, length: 0 };
    }
    case WIRE.bytes: {
      const { value, length } = parseVarint(bytes, tag.length);
      if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
        throw invalidHeader(`the protobuf field ${number} claims ${value} bytes`);
      }
      return { number, wireType, value: 0n, offset: offset + length, length: Number(value) };
    }
    case WIRE.fixed64:
      return { number, wireType, value: 0n, offset, length: 8 };
    case WIRE.fixed32:
      return { number, wireType, value: 0n, offset, length: 4 };
    default:
      throw invalidHeader(`the protobuf field ${number} has the wire type ${wireType}`);
  }
}

function parseVarint(bytes: Buffer, from: number): { readonly value: bigint; readonly length: number } {
  // Up to four bytes (28 bits) fit a small integer: nearly all of them.
  let low = 0;
  for (let i = 0; i < SMALL_VARINT_BYTES; i++) {
    const byte = byteAt(bytes, from + i);
    low |= (byte & 0x7f) << (7 * i);
    if (byte < 0x80) return { value: BigInt(low), length: i + 1 };
  }
  let value = BigInt(low);
  for (let i = SMALL_VARINT_BYTES; i < MAX_VARINT_BYTES; i++) {
    const byte = byteAt(bytes, from + i);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80 && value < 1n << 64n) return { value, length: i + 1 };
  }
  throw invalidHeader("a protobuf number has more than 64 bits");
}

function byteAt(bytes: Buffer, index: number): number {
  const byte = bytes[index];
  if (byte === undefined) throw invalidHeader("the file ends in the middle of a protobuf field");
  return byte;
}
