import { Buffer } from "buffer";
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

/** A file as the directory lists it, and what its own header is compared with. */
interface DirectoryEntry extends ZipEntry {
  readonly nameBytes: Buffer;
  readonly crc: Buffer;
  /** Its sizes follow it, in a data descriptor. */
  readonly hasDescriptor: boolean;
  /** How long its entry in the directory is. */
  readonly entryBytes: number;
}

const END_MARK = Buffer.from("PK\x05\x06", "latin1");
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
const UNICODE_NAME_FIELD = 0x7075;
const UTF8_FLAG = 0x800;
const DESCRIPTOR_FLAG = 8;
const DESCRIPTOR_SIGNATURE = 0x08074b50;
const MAX_DESCRIPTOR_BYTES = 24;
const MAX_COMMENT = 0xffff;
const MAX_DIRECTORY_BYTES = 16 * 1024 * 1024;
const FULL32 = 0xffffffff;
/** The method of a file that is not packed. */
export const STORED = 0;

/**
 * Lists a zip archive (with zip64) as Python's zipfile does; nothing is unpacked. What two readers could see differently is
 * refused: bytes that belong to no file, before, between or behind them, a second directory, names that stand twice, or
 * that a file's own header has otherwise.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 * @see APPNOTE.TXT 6.3.10, section 4.3
 */
export async function listZip(source: ByteSource): Promise<ZipEntry[]> {
  const { offset, length, count } = await findDirectory(source);
  if (length > MAX_DIRECTORY_BYTES) throw invalidHeader(`its zip directory has ${length} bytes, more than is allowed`);
  if (offset + length > source.size) throw invalidHeader("its zip directory lies outside the file");
  const directory = await readBytes(source, offset, length);
  const entries = new Map<string, DirectoryEntry>();
  for (let position = 0; position < length;) {
    const entry = readEntry(directory.subarray(position), offset + position);
    if (entries.has(entry.name)) throw invalidHeader(`its zip directory lists ${quote(entry.name)} twice`);
    if (entry.headerOffset + entry.compressedSize > source.size)
      throw invalidHeader(`${quote(entry.name)} lies outside the zip file`);
    entries.set(entry.name, entry);
    position += entry.entryBytes;
  }
  if (entries.size !== count) throw invalidHeader(`its zip directory lists ${entries.size} files and says ${count}`);
  await assertWithoutGaps(source, [...entries.values()], offset);
  return [...entries.values()];
}

/** Tells whether Python's zipfile takes a file for an archive: by its end, whatever stands before. */
export async function isZip(source: ByteSource): Promise<boolean> {
  const { tail } = await readTail(source);
  return tail.lastIndexOf(END_MARK) >= 0 && tail.length - tail.lastIndexOf(END_MARK) >= END_BYTES;
}

/** A file's own header, which stands before it: its name as bytes, and how long it is. */
export async function readLocalHeader(source: ByteSource, { name, headerOffset }: ZipEntry) {
  if (headerOffset + LOCAL_BYTES > source.size) throw invalidHeader(`${quote(name)} lies outside the zip file`);
  const header = await readBytes(source, headerOffset, LOCAL_BYTES);
  if (header.readUInt32LE() !== LOCAL_SIGNATURE) throw invalidHeader(`${quote(name)} has no zip header`);
  const [nameLength, extraLength] = [header.readUInt16LE(26), header.readUInt16LE(28)];
  const length = LOCAL_BYTES + nameLength + extraLength;
  if (headerOffset + length > source.size) throw invalidHeader(`${quote(name)} lies outside the zip file`);
  const nameBytes = await readBytes(source, headerOffset + LOCAL_BYTES, nameLength);
  return { length, nameBytes, method: header.readUInt16LE(8) };
}

/** One file after the other, from the first byte to the directory; only a data descriptor may follow a file. */
async function assertWithoutGaps(source: ByteSource, entries: DirectoryEntry[], end: number): Promise<void> {
  let expected = 0;
  for (const entry of entries.sort((a, b) => a.headerOffset - b.headerOffset)) {
    const { name, headerOffset, compressedSize } = entry;
    if (headerOffset !== expected) throw invalidHeader(`bytes that belong to no file stand before ${quote(name)}`);
    const local = await readLocalHeader(source, entry);
    if (!local.nameBytes.equals(entry.nameBytes) || local.method !== entry.method) {
      throw invalidHeader(`the zip header of ${quote(name)} is not as its directory says`);
    }
    expected = headerOffset + local.length + compressedSize;
    if (entry.hasDescriptor) expected += await descriptorBytes(source, entry, expected);
  }
  if (expected !== end) throw invalidHeader("bytes that belong to no file stand before its zip directory");
}

/** The length of the data descriptor behind a file: with or without a signature, with sizes of 4 or 8 bytes. */
async function descriptorBytes(source: ByteSource, entry: DirectoryEntry, at: number): Promise<number> {
  const bytes = await readBytes(source, at, Math.max(0, Math.min(MAX_DESCRIPTOR_BYTES, source.size - at)));
  for (const wide of [4, 8]) {
    const sizes = Buffer.alloc(2 * wide);
    for (const [i, size] of [entry.compressedSize, entry.size].entries()) {
      if (wide === 8) sizes.writeBigUInt64LE(BigInt(size), i * wide);
      else if (size <= FULL32) sizes.writeUInt32LE(size, i * wide);
    }
    const wanted = Buffer.concat([entry.crc, sizes]);
    if (bytes.subarray(4, 4 + wanted.length).equals(wanted) && bytes.readUInt32LE() === DESCRIPTOR_SIGNATURE) {
      return 4 + wanted.length;
    }
    if (bytes.subarray(0, wanted.length).equals(wanted)) return wanted.length;
  }
  return 0;
}

/** Reads the entry at the beginning of these bytes. @param at - where they lie in the file */
function readEntry(bytes: Buffer, at: number): DirectoryEntry {
  if (bytes.length < ENTRY_BYTES || bytes.readUInt32LE() !== ENTRY_SIGNATURE) throw brokenDirectory(at);
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(field)) as [
    number,
    number,
    number,
  ];
  const entryBytes = ENTRY_BYTES + nameLength + extraLength + commentLength;
  if (entryBytes > bytes.length) throw brokenDirectory(at);
  const nameBytes = bytes.subarray(ENTRY_BYTES, ENTRY_BYTES + nameLength);
  const flags = bytes.readUInt16LE(8);
  const name = nameBytes.toString((flags & UTF8_FLAG) === 0 ? "latin1" : "utf8");
  if (name.includes("\0")) throw invalidHeader(`the name ${quote(name)} in its zip directory holds a NUL character`);
  const extra = bytes.subarray(ENTRY_BYTES + nameLength, ENTRY_BYTES + nameLength + extraLength);
  if (findField(extra, UNICODE_NAME_FIELD) !== undefined) throw invalidHeader(`${quote(name)} has a second name`);
  const wide = findField(extra, ZIP64_FIELD) ?? Buffer.alloc(0);
  let next = 0;
  // The wide field holds only those values, in this order, that do not fit the narrow ones.
  const value = (narrow: number): number => {
    if (narrow !== FULL32) return narrow;
    if (next + 8 > wide.length) throw invalidHeader(`${quote(name)} has no zip64 sizes`);
    next += 8;
    return toSafeNumber(wide.readBigUInt64LE(next - 8));
  };
  const size = value(bytes.readUInt32LE(24));
  const compressedSize = value(bytes.readUInt32LE(20));
  const headerOffset = value(bytes.readUInt32LE(42));
  const method = bytes.readUInt16LE(10);
  if (method === STORED && size !== compressedSize) {
    throw invalidHeader(`${quote(name)} is stored, and has ${size} and ${compressedSize} bytes`);
  }
  const hasDescriptor = (flags & DESCRIPTOR_FLAG) !== 0;
  const crc = Buffer.from(bytes.subarray(16, 20));
  return { name, nameBytes, method, compressedSize, size, headerOffset, entryBytes, hasDescriptor, crc };
}

function brokenDirectory(at: number) {
  return invalidHeader(`its zip directory is broken at byte ${at}`);
}

function findField(extra: Buffer, id: number): Buffer | undefined {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === id) return extra.subarray(at + 4, at + 4 + length);
    at += 4 + length;
  }
  return undefined;
}

async function readTail(source: ByteSource): Promise<{ tail: Buffer; begin: number }> {
  const length = Math.min(source.size, END_BYTES + MAX_COMMENT);
  return { tail: await readBytes(source, source.size - length, length), begin: source.size - length };
}

/**
 * Finds the directory where zipfile does: by the last signature of an end. It must reach to the end of the file, and no end
 * before it may do so as well.
 */
async function findDirectory(source: ByteSource): Promise<Directory> {
  const { tail, begin } = await readTail(source);
  const ends: number[] = [];
  for (let at = tail.indexOf(END_MARK); at >= 0; at = tail.indexOf(END_MARK, at + 1)) {
    if (at + END_BYTES <= tail.length && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length) ends.push(at);
  }
  const [at] = ends;
  if (at === undefined) throw invalidHeader("it has no zip directory");
  if (ends.length > 1 || tail.lastIndexOf(END_MARK) !== at) throw invalidHeader("it has two zip directories");
  if (tail.readUInt16LE(at + 4) !== 0 || tail.readUInt16LE(at + 6) !== 0)
    throw invalidHeader("it is a part of a zip file");
  const narrow = {
    count: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const wide = await findDirectory64(source, begin + at, narrow);
  const { end, ...directory } = wide ?? { ...narrow, end: begin + at };
  if (directory.offset + directory.length === end) return directory;
  throw invalidHeader("bytes that belong to no file stand before or behind its zip directory");
}

/** Where an archive's directory lies, and how many files it lists. */
interface Directory {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

/** Reads the wide record of the end, which stands directly before its locator; the narrow one must say the same, or nothing. */
async function findDirectory64(source: ByteSource, endPosition: number, narrow: Directory) {
  if (endPosition < LOCATOR_BYTES) return undefined;
  const locator = await readBytes(source, endPosition - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.readUInt32LE() !== LOCATOR_SIGNATURE) return undefined;
  const position = toSafeNumber(locator.readBigUInt64LE(8));
  if (position + END64_BYTES !== endPosition - LOCATOR_BYTES) throw invalidHeader("its zip64 directory lies elsewhere");
  const end = await readBytes(source, position, END64_BYTES);
  if (end.readUInt32LE() !== END64_SIGNATURE) throw invalidHeader("its zip64 directory has no end");
  const [count = 0, length = 0, offset = 0] = [32, 40, 48].map((at) => toSafeNumber(end.readBigUInt64LE(at)));
  const agrees = (wide: number, other: number, full: number) => other === full || other === wide;
  if (
    !agrees(count, narrow.count, 0xffff) ||
    !agrees(length, narrow.length, FULL32) ||
    !agrees(offset, narrow.offset, FULL32)
  ) {
    throw invalidHeader("it has two zip directories");
  }
  return { count, length, offset, end: position };
}

function toSafeNumber(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw invalidHeader(`a zip field says ${value}: more than any file has`);
  return Number(value);
}
