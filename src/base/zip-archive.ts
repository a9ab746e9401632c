import { concatBytes, toUtf8 } from "./bytes.ts";

/** A file in an archive. */
export interface ArchivedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const LOCAL_BYTES = 30;
const CENTRAL_BYTES = 46;
const END_BYTES = 22;
// Version 2.0; names in UTF-8.
const VERSION = 20;
const UTF8 = 0x0800;
// The first day that a zip archive can name: an archive of ours holds no time.
const FIRST_DAY = 0x0021;

/**
 * Writes a zip archive whose files are stored as they are: the same files give the same bytes on every machine, for no two
 * libraries compress alike.
 *
 * @param files - in the order of the archive; below 4 GiB together
 * @see APPNOTE.TXT 6.3.10
 */
export function writeZip(files: readonly ArchivedFile[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes } of files) {
    const encoded = toUtf8(name);
    const checksum = crc32(bytes);
    const common = [UTF8, 0, 0, FIRST_DAY] as const;
    const sizes = [checksum, bytes.length, bytes.length] as const;
    const local = numbers([4, LOCAL], [2, VERSION], ...shorts(common), ...longs(sizes), [2, encoded.length], [2, 0]);
    const head = [[4, CENTRAL] as const, [2, VERSION] as const, [2, VERSION] as const, ...shorts(common)];
    const tail = [...shorts([encoded.length, 0, 0, 0, 0]), ...longs([0, offset])];
    parts.push(local, encoded, bytes);
    directory.push(numbers(...head, ...longs(sizes), ...tail), encoded);
    offset += LOCAL_BYTES + encoded.length + bytes.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const count = files.length;
  const end = numbers([4, END], [2, 0], [2, 0], [2, count], [2, count], [4, size], [4, offset], [2, 0]);
  return concatBytes([...parts, ...directory, end]);
}

/**
 * Reads an archive that {@link writeZip} wrote, or another whose files are stored as they are.
 *
 * @returns undefined for what is none
 */
export function readZip(archive: Uint8Array): ArchivedFile[] | undefined {
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = archive.length - END_BYTES;
  try {
    if (view.getUint32(end, true) !== END) return undefined;
    const files: ArchivedFile[] = [];
    let at = view.getUint32(end + 16, true);
    for (let left = view.getUint16(end + 10, true); left > 0; left--) {
      const [method, size, length] = [
        view.getUint16(at + 10, true),
        view.getUint32(at + 24, true),
        view.getUint16(at + 28, true),
      ];
      if (view.getUint32(at, true) !== CENTRAL || method !== 0) return undefined;
      const name = new TextDecoder().decode(archive.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + length));
      const local = view.getUint32(at + 42, true);
      const begin = local + LOCAL_BYTES + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
      files.push({ name, bytes: archive.subarray(begin, begin + size) });
      at += CENTRAL_BYTES + length + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    }
    return files;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type Field = readonly [size: 2 | 4, value: number];

const shorts = (values: readonly number[]): Field[] => values.map((value) => [2, value]);
const longs = (values: readonly number[]): Field[] => values.map((value) => [4, value]);

function numbers(...fields: readonly Field[]): Uint8Array {
  const bytes = new Uint8Array(fields.reduce((sum, [size]) => sum + size, 0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [size, value] of fields) {
    if (size === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value >>> 0, true);
    at += size;
  }
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  return crc;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ byte) & 0xff] as number);
  return ~crc >>> 0;
}
