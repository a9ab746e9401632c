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

const READ_BYTES = 64 * 1024;
const MAX_HEADER_BYTES = 16 * 1024 * 1024;
const LINE_END = 0x0a;

/**
 * A file in which the metadata of an import wait for their batch, one after the other: thousands of files would cost a
 * hundred times as long. What it gives back is checked against its CID.
 */
export class Spool {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #places = new Map<string, number>();
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
    this.#places.set(metadataDigest, await this.#end.append(Buffer.concat(pieces)));
  }

  /** Reads a model back. @throws {ProvenanceError} `STORE_BLOCK_MISSING`, `STORE_BLOCK_CORRUPT` */
  async get(metadataDigest: Hex): Promise<SpooledModel> {
    const place = this.#places.get(metadataDigest);
    const found = place === undefined ? undefined : await this.#readHeader(place);
    if (found === undefined) {
      const text = `${this.#path} does not hold the metadata ${metadataDigest}. Delete the import's state and run again.`;
      throw new ProvenanceError("STORE_BLOCK_MISSING", text);
    }
    let { position } = found;
    const take = async (cid: CID, size: number): Promise<Block> => {
      const { buffer: bytes } = await this.#file.read(Buffer.alloc(size), 0, size, position);
      position += size;
      if (bytesMatchCid(cid, bytes)) return { cid, bytes };
      throw new ProvenanceError("STORE_BLOCK_CORRUPT", `${this.#path} was damaged. Delete it and run again.`);
    };
    const block = await take(rawCidOfDigest(metadataDigest), found.header.size);
    const attachments: PinnableFile[] = [];
    for (const [root, entries] of found.header.attachments) {
      const blocks: Block[] = [];
      for (const [cid, size] of entries) blocks.push(await take(CID.parse(cid), size));
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
      const found = await this.#readHeader(place);
      if (found === undefined) break;
      const { header, position } = found;
      const blocks = header.attachments.flatMap(([, entries]) => entries);
      const end = position + header.size + blocks.reduce((sum, [, length]) => sum + length, 0);
      if (end > size) break;
      this.#places.set(header.metadataDigest, place);
      place = end;
    }
    if (place < size) await this.#file.truncate(place);
    this.#end = new AppendFile(this.#file, place);
  }

  async #readHeader(place: number): Promise<{ header: Header; position: number } | undefined> {
    let line = Buffer.alloc(0);
    for (let position = place; line.length < MAX_HEADER_BYTES;) {
      const { bytesRead, buffer } = await this.#file.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, position);
      if (bytesRead === 0) return undefined;
      position += bytesRead;
      line = Buffer.concat([line, buffer.subarray(0, bytesRead)]);
      const end = line.indexOf(LINE_END);
      if (end === -1) continue;
      try {
        const header = JSON.parse(line.subarray(0, end).toString("utf8")) as Header;
        return { header, position: place + end + 1 };
      } catch {
        return undefined;
      }
    }
    return undefined;
  }
}
