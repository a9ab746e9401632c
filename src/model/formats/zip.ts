import { Buffer } from "buffer";
import { inflateStart } from "../../base/inflate.ts";
import { type ByteSource, bytesSource, readBytes } from "./byte-source.ts";
import { invalidHeader, quote } from "./header-error.ts";
import { STORED, type ZipEntry, readLocalHeader } from "./zip-directory.ts";

const START_BYTES = 16 * 1024;
const MAX_DEFLATE_RATIO = 1100; // 1032, and some for a last block
const DEFLATED = 8;

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
 * Unpacks the first bytes of a file in the archive, whatever its size: what 16 KiB of it unpack to.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function readZipStart(source: ByteSource, entry: ZipEntry): Promise<Buffer> {
  const packed = await readPacked(source, entry, Math.min(entry.compressedSize, START_BYTES));
  return unpack(entry, packed, START_BYTES * MAX_DEFLATE_RATIO);
}

/**
 * Opens a file in the archive: all of it where it is stored, else what its first 16 KiB unpack to.
 *
 * @throws {ProvenanceError} `MODEL_HEADER_INVALID`
 */
export async function openZipEntry(source: ByteSource, entry: ZipEntry): Promise<ByteSource> {
  if (entry.method !== STORED) return bytesSource(await readZipStart(source, entry));
  const begin = entry.headerOffset + (await readLocalHeader(source, entry)).length;
  return { ...source, size: entry.compressedSize, read: (into, position) => source.read(into, begin + position) };
}

async function readPacked(source: ByteSource, entry: ZipEntry, length: number): Promise<Buffer> {
  const begin = entry.headerOffset + (await readLocalHeader(source, entry)).length;
  if (begin + entry.compressedSize > source.size) throw invalidHeader(`${quote(entry.name)} lies outside the zip file`);
  return readBytes(source, begin, length);
}

function unpack({ name, method }: ZipEntry, packed: Buffer, maxBytes: number): Buffer {
  if (method === STORED) return packed;
  if (method !== DEFLATED) throw invalidHeader(`${quote(name)} is packed by the unknown method ${method}`);
  try {
    // A cut end is fine where only the beginning is wanted; what would grow beyond the bound is refused.
    const { buffer, byteOffset, length } = inflateStart(packed, "raw", maxBytes);
    return Buffer.from(buffer, byteOffset, length);
  } catch (cause) {
    throw invalidHeader(`${quote(name)} cannot be unpacked into ${maxBytes} bytes`, cause);
  }
}
