import { constants, inflateRawSync } from "node:zlib";
import { type ByteSource, readBytes } from "./byte-source.ts";
import { invalidHeader, quote } from "./header-error.ts";

/** A file in a zip archive, as the central directory lists it. */
export interface ZipEntry {
  readonly name: string;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where its local header starts. */
  readonly headerOffset: number;
}

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const LOCATOR_SIGNATURE = 0x07064b50;
const LOCATOR_BYTES = 20;
const END64_SIGNATURE = 0x06064b50;
const END64_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
const ZIP64_FIELD = 1;
const MAX_COMMENT = 0xffff;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;
const FULL32 = 0xffffffff;
const START_BYTES = 1024;
const MAX_DEFLATE_RATIO = 1100; // 1032, and some for a last block
const STORED = 0;
const DEFLATED = 8;

/**
 * Lists a zip archive (with zip64) from its central directory; nothing is unpacked.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`, also for a name that stands twice
 * @see APPNOTE.TXT 6.3.10, section 4.3
 */
export async function listZip(source: ByteSource): Promise<ZipEntry[]> {
  const { offset, length, count } = await findDirectory(source);
  if (length > MAX_DIRECTORY_BYTES) throw invalidHeader(`its zip directory has ${length} bytes, more than is allowed`);
  if (offset + length > source.size) throw invalidHeader("its zip directory lies outside the file");
  const directory = await readBytes(source, offset, length);
  const entries = new Map<string, ZipEntry>();
  let position = 0;
  while (position < length) {
    if (length - position < ENTRY_BYTES || directory.readUInt32LE(position) !== ENTRY_SIGNATURE) {
      throw invalidHeader(`its zip directory is broken at byte ${offset + position}`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((at) =>
      directory.readUInt16LE(position + at),
    ) as [number, number, number];
    const next = position + ENTRY_BYTES + nameLength + extraLength + commentLength;
    if (next > length) throw invalidHeader(`its zip directory is broken at byte ${offset + position}`);
    const entry = readEntry(directory.subarray(position, next), nameLength, extraLength);
    if (entries.has(entry.name)) throw invalidHeader(`its zip directory lists ${quote(entry.name)} twice`);
    if (entry.headerOffset + entry.compressedSize > source.size)
      throw invalidHeader(`${quote(entry.name)} lies outside the zip file`);
    entries.set(entry.name, entry);
    position = next;
  }
  if (entries.size !== count) throw invalidHeader(`its zip directory lists ${entries.size} files and says ${count}`);
  return [...entries.values()];
}

/**
 * Unpacks a small file in the archive.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`, also when it would unpack to more than `maxBytes`
 */
export async function readZipEntry(source: ByteSource, entry: ZipEntry, maxBytes: number): Promise<Buffer> {
  if (entry.compressedSize > maxBytes) throw invalidHeader(`${quote(entry.name)} has more than ${maxBytes} bytes`);
  return unpack(entry, await readPacked(source, entry, entry.compressedSize), maxBytes);
}

/**
 * Unpacks the first bytes of a file in the archive, whatever its size: what 1 KiB of it unpacks to.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readZipStart(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  const packed = await readPacked(source, entry, Math.min(entry.compressedSize, START_BYTES));
  return unpack(entry, packed, START_BYTES * MAX_DEFLATE_RATIO);
}

async function readPacked(source: ByteSource, entry: ZipEntry, length: number): Promise<Buffer> {
  const { name, headerOffset, compressedSize } = entry;
  if (headerOffset + LOCAL_BYTES > source.size) throw invalidHeader(`${quote(name)} lies outside the zip file`);
  const header = await readBytes(source, headerOffset, LOCAL_BYTES);
  if (header.readUInt32LE() !== LOCAL_SIGNATURE) throw invalidHeader(`${quote(name)} has no zip header`);
  const begin = headerOffset + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (begin + compressedSize > source.size) throw invalidHeader(`${quote(name)} lies outside the zip file`);
  return readBytes(source, begin, length);
}

function unpack({ name, method }: ZipEntry, packed: Buffer, maxBytes: number): Buffer {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw invalidHeader(`${quote(name)} is packed by the unknown method ${method}`);
  try {
    // A cut end is fine where only the beginning is wanted; what would grow beyond the bound is refused.
    return inflateRawSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: maxBytes });
  } catch (cause) {
    throw invalidHeader(`${quote(name)} cannot be unpacked into ${maxBytes} bytes`, cause);
  }
}

function readEntry(bytes: Buffer, nameLength: number, extraLength: number): ZipEntry {
  const name = bytes.toString("utf8", ENTRY_BYTES, ENTRY_BYTES + nameLength);
  const extra = bytes.subarray(ENTRY_BYTES + nameLength, ENTRY_BYTES + nameLength + extraLength);
  const wide = findZip64(extra);
  let at = 0;
  // The wide field holds only those values, in this order, that do not fit the narrow ones.
  const value = (narrow: number): number => {
    if (narrow !== FULL32) return narrow;
    if (at + 8 > wide.length) throw invalidHeader(`${quote(name)} has no zip64 sizes`);
    at += 8;
    return toSafeNumber(wide.readBigUInt64LE(at - 8));
  };
  const size = value(bytes.readUInt32LE(24));
  const compressedSize = value(bytes.readUInt32LE(20));
  const headerOffset = value(bytes.readUInt32LE(42));
  return { name, method: bytes.readUInt16LE(10), compressedSize, size, headerOffset };
}

function findZip64(extra: Buffer): Buffer {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === ZIP64_FIELD) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return Buffer.alloc(0);
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; length: number; count: number }> {
  const tailLength = Math.min(source.size, END_BYTES + MAX_COMMENT);
  const tail = await readBytes(source, source.size - tailLength, tailLength);
  for (let at = tailLength - END_BYTES; at >= 0; at--) {
    // The comment must reach to the end of the file, or the signature stands in a comment itself.
    if (tail.readUInt32LE(at) !== END_SIGNATURE || at + END_BYTES + tail.readUInt16LE(at + 20) !== tailLength) continue;
    const count = tail.readUInt16LE(at + 10);
    const [length, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    if (count !== 0xffff && length !== FULL32 && offset !== FULL32) return { offset, length, count };
    return (await findDirectory64(source, source.size - tailLength + at)) ?? { offset, length, count };
  }
  throw invalidHeader("it has no zip directory");
}

async function findDirectory64(source: ByteSource, endPosition: number) {
  if (endPosition < LOCATOR_BYTES) return undefined;
  const locator = await readBytes(source, endPosition - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE() !== LOCATOR_SIGNATURE) return undefined;
  const position = toSafeNumber(locator.readBigUInt64LE(8));
  if (position + END64_BYTES > source.size) throw invalidHeader("its zip64 directory lies outside the file");
  const end = await readBytes(source, position, END64_BYTES);
  if (end.readUInt32LE() !== END64_SIGNATURE) throw invalidHeader("its zip64 directory has no end");
  const [count, length, offset] = [32, 40, 48].map((at) => toSafeNumber(end.readBigUInt64LE(at)));
  return { count: count as number, length: length as number, offset: offset as number };
}

function toSafeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidHeader(`a zip field says ${value}: more than any file has`);
  return Number(value);
}
