import { crc32 } from "node:zlib";

/** How an archive departs from what is usual. */
export interface ZipOddities {
  readonly prefix?: Uint8Array;
  /** Bytes between the files, that belong to none. */
  readonly gap?: Uint8Array;
  /** Sizes follow the files, as writers to a stream leave them. */
  readonly descriptors?: boolean;
  readonly comment?: string;
  readonly beforeDirectory?: Uint8Array;
  readonly suffix?: Uint8Array;
  /** The files' own headers have these names. */
  readonly localNames?: Readonly<Record<string, string>>;
}

const u16 = (value: number) => Buffer.from([value & 0xff, value >> 8]);
function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** Writes a zip archive of stored files. */
export function createZip(files: Readonly<Record<string, Uint8Array | string>>, odd: ZipOddities = {}): Buffer {
  const parts: Buffer[] = [Buffer.from(odd.prefix ?? [])];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content);
    const sizes = [u32(crc32(bytes)), u32(bytes.length), u32(bytes.length)];
    const hidden = [u32(0), u32(0), u32(0)];
    const flags = u16(odd.descriptors ? 8 : 0);
    const head = [u16(20), flags, u16(0), u16(0), u16(33)];
    const localName = Buffer.from(odd.localNames?.[name] ?? name);
    const entry = Buffer.concat([
      Buffer.from("PK\x03\x04"),
      ...head,
      ...(odd.descriptors ? hidden : sizes),
      u16(localName.length),
      u16(0),
      localName,
      bytes,
      ...(odd.descriptors ? [Buffer.from("PK\x07\x08"), ...sizes] : []),
      Buffer.from(odd.gap ?? []),
    ]);
    const names = [u16(Buffer.byteLength(name)), u16(0), u16(0), u16(0), u16(0), u32(0), u32(at), Buffer.from(name)];
    directory.push(Buffer.from("PK\x01\x02"), u16(20), ...head, ...sizes, ...names);
    parts.push(entry);
    at += entry.length;
  }
  const before = Buffer.from(odd.beforeDirectory ?? []);
  const list = Buffer.concat(directory);
  const [count, comment] = [Object.keys(files).length, Buffer.from(odd.comment ?? "", "latin1")];
  const end = [u16(0), u16(0), u16(count), u16(count), u32(list.length), u32(at + before.length), u16(comment.length)];
  return Buffer.concat([
    ...parts,
    before,
    list,
    Buffer.from("PK\x05\x06"),
    ...end,
    comment,
    Buffer.from(odd.suffix ?? []),
  ]);
}
