import { type FileHandle, open } from "node:fs/promises";
import { CID } from "multiformats/cid";
import { ProvenanceError } from "../base/errors.ts";
import type { Hex } from "../base/hex.ts";
import type { BuiltMetadata } from "../metadata/build-metadata.ts";
import type { PinnableFile } from "../metadata/manifest-entry.ts";
import { type Block, bytesMatchCid, rawCidOfDigest } from "../content/cid.ts";
import { AppendFile } from "./append-file.ts";

/** The metadata of a model and what it names, ready to be pinned. */
export type SpooledModel = Pick<BuiltMetadata, "block" | "attachments">;

interface Header {
  readonly metadataDigest: string;
  /** Bytes of the metadata. */
  readonly size: number;
  /** Of each attachment the root, and CID and size of its blocks, whose bytes follow. */
  readonly attachments: readonly (readonly [root: string, blocks: readonly (readonly [cid: string, size: number])[]])[];
}

const READ_BYTES = 4 * 1024;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const LINE_END = 0x0a;

/**
 * A file in which the metadata of an import wait for their batch, one after the other: thousands of files would cost a
 * hundred times as long. What it gives back is checked against its CID.
 */
export class Spool {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #places = new Map<string, readonly [place: number, length: number]>();
  #end: AppendFile;

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
    this.#end = new AppendFile(file, 0);
  }

  /** Opens the spool at a path, or begins one. What broke off at its end is written over. @throws the file system's error */
  static async open(path: string): Promise<Spool> {
    const file = await open(path, "a+", 0o600);
    const spool = new Spool(path, file);
    await spool.#load();
    return spool;
  }

  /** Tells whether the metadata of this digest are here. */
  has(metadataDigest: Hex): boolean {
    return this.#places.has(metadataDigest);
  }

  /** Adds a model at the end. */
  async add({ block, attachments, metadataDigest }: BuiltMetadata): Promise<void> {
    const header: Header = {
      metadataDigest,
      size: block.bytes.length,
      attachments: attachments.map(({ root, blocks }) => [
        root.toString(),
        blocks.map(({ cid, bytes }) => [cid.toString(), bytes.length] as const),
      ]),
    };
    const pieces = [
      Buffer.from(`${JSON.stringify(header)}\n`),
      block.bytes,
      ...attachments.flatMap(({ blocks }) => blocks.map(({ bytes }) => bytes)),
    ];
    const bytes = Buffer.concat(pieces);
    this.#places.set(metadataDigest, [await this.#end.append(bytes), bytes.length]);
  }

  /** Reads a model back. @throws {ProvenanceError} `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT` */
  async get(metadataDigest: Hex): Promise<SpooledModel> {
    const [place, length] = this.#places.get(metadataDigest) ?? [0, 0];
    // Exactly so much: a buffer that is larger than what it is for costs more than the reading.
    const { buffer: piece } = await this.#file.read(Buffer.alloc(length), 0, length, place);
    const found = readHeader(piece);
    if (found === undefined) {
      const text = `${this.#path} does not hold the metadata ${metadataDigest}. Delete the import's state and run again.`;
      throw new ProvenanceError("STORE_BLOCK_MISSING", text);
    }
    let { position } = found;
    const take = (cid: CID, size: number): Block => {
      const bytes = piece.subarray(position, position + size);
      position += size;
      if (bytesMatchCid(cid, bytes)) return { cid, bytes };
      throw new ProvenanceError("STORE_BLOCK_CORRUPT", `${this.#path} was damaged. Delete it and run again.`);
    };
    const block = take(rawCidOfDigest(metadataDigest), found.header.size);
    const attachments: PinnableFile[] = [];
    for (const [root, entries] of found.header.attachments) {
      const blocks: Block[] = [];
      for (const [cid, size] of entries) blocks.push(take(CID.parse(cid), size));
      attachments.push({ root: CID.parse(root), blocks });
    }
    return { block, attachments };
  }

  async close(): Promise<void> {
    await this.#file.close();
  }

  async #load(): Promise<void> {
    const { size } = await this.#file.stat();
    let place = 0;
    for (;;) {
      const found = await this.#findHeader(place);
      if (found === undefined) break;
      const { header, position } = found;
      const blocks = header.attachments.flatMap(([, entries]) => entries);
      const length = position + header.size + blocks.reduce((sum, [, bytes]) => sum + bytes, 0);
      if (place + length > size) break;
      this.#places.set(header.metadataDigest, [place, length]);
      place += length;
    }
    if (place < size) await this.#file.truncate(place);
    this.#end = new AppendFile(this.#file, place);
  }

  /** Reads so much of the file as it takes to know the header that begins at a place. */
  async #findHeader(place: number): Promise<FoundHeader | undefined> {
    for (let length = READ_BYTES; length <= MAX_HEADER_BYTES; length *= 2) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(length), 0, length, place);
      const found = readHeader(buffer.subarray(0, bytesRead));
      if (found !== undefined || bytesRead < length) return found;
    }
    return undefined;
  }
}

interface FoundHeader {
  readonly header: Header;
  /** Where what follows the header begins, from its start. */
  readonly position: number;
}

function readHeader(bytes: Buffer): FoundHeader | undefined {
  const end = bytes.indexOf(LINE_END);
  if (end === -1) return undefined;
  try {
    return { header: JSON.parse(bytes.toString("utf8", 0, end)) as Header, position: end + 1 };
  } catch {
    return undefined;
  }
}
