import { MAX_FOREIGN_BLOCK_BYTES } from "../../cid.ts";

/** A file that blocks lie in, as it was when they were pinned. */
export interface ReferencedFile {
  /** Absolute. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ino: bigint;
}

/** Where a raw block lies: a range of a file that belongs to somebody else. */
export interface Reference {
  readonly file: ReferencedFile;
  /** In bytes from the file's start. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
}

/** A reference with the SHA-256 (32 bytes) of the block. */
export interface DigestReference extends Reference {
  readonly digest: Uint8Array;
}

/*
 * A reference file is one line of JSON, {"format", "files": [{"path", "size", "mtimeNs", "ino"}], "count"}, and then
 * `count` records of 48 bytes in the order of their digests: SHA-256, index of the file (u32), length (u32) and offset
 * (u64), big-endian. It is written once and never changed. Nothing in it is trusted: what a range holds is hashed
 * whenever it is read.
 */
const FORMAT = "model-provenance references 1";
const DIGEST_BYTES = 32;
const RECORD_BYTES = 48;
const NEWLINE = 0x0a;

/** Writes references in the form of a file. */
export function encodeReferences(references: readonly DigestReference[]): Uint8Array {
  const indexes = new Map<ReferencedFile, number>();
  for (const { file } of references) if (!indexes.has(file)) indexes.set(file, indexes.size);
  const files = [...indexes.keys()].map(({ path, size, mtimeNs, ino }) => {
    return { path, size, mtimeNs: mtimeNs.toString(), ino: ino.toString() };
  });
  const head = Buffer.from(`${JSON.stringify({ format: FORMAT, files, count: references.length })}\n`);
  const records = Buffer.alloc(references.length * RECORD_BYTES);
  const sorted = references.toSorted((a, b) => Buffer.compare(a.digest, b.digest));
  sorted.forEach(({ digest, file, offset, length }, i) => {
    const at = i * RECORD_BYTES;
    records.set(digest, at);
    records.writeUInt32BE(indexes.get(file) as number, at + DIGEST_BYTES);
    records.writeUInt32BE(length, at + DIGEST_BYTES + 4);
    records.writeBigUInt64BE(BigInt(offset), at + DIGEST_BYTES + 8);
  });
  return Buffer.concat([head, records]);
}

/** What a reference file holds, looked up by digest without making an object of every record. */
export class ReferenceFile {
  readonly files: readonly ReferencedFile[];
  readonly #records: Buffer;

  /** @throws {Error} for bytes that are no reference file */
  constructor(bytes: Buffer) {
    const end = bytes.indexOf(NEWLINE);
    if (end === -1) throw new Error("it has no first line");
    const head = JSON.parse(bytes.toString("utf8", 0, end)) as Record<string, unknown>;
    if (head["format"] !== FORMAT || !Array.isArray(head["files"])) throw new Error("it is of another format");
    this.files = head["files"].map(readFile);
    this.#records = bytes.subarray(end + 1);
    if (this.#records.length !== Number(head["count"]) * RECORD_BYTES) throw new Error("it was cut short");
    for (let at = DIGEST_BYTES; at < this.#records.length; at += RECORD_BYTES) {
      if (this.#records.readUInt32BE(at) >= this.files.length) throw new Error("it names a file that it does not list");
      if (this.#records.readUInt32BE(at + 4) > MAX_FOREIGN_BLOCK_BYTES) throw new Error("it names a block too large");
    }
  }

  /** Number of references. */
  get count(): number {
    return this.#records.length / RECORD_BYTES;
  }

  /** All references to a block with that SHA-256. */
  *find(digest: Uint8Array): Generator<Reference> {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#compare(middle, digest) < 0) low = middle + 1;
      else high = middle;
    }
    for (; low < this.count && this.#compare(low, digest) === 0; low++) yield this.#read(low);
  }

  /** All references, in the order of their digests. */
  *[Symbol.iterator](): Generator<DigestReference> {
    for (let i = 0; i < this.count; i++) yield this.#read(i);
  }

  #compare(index: number, digest: Uint8Array): number {
    const at = index * RECORD_BYTES;
    return this.#records.compare(digest, 0, DIGEST_BYTES, at, at + DIGEST_BYTES);
  }

  #read(index: number): DigestReference {
    const at = index * RECORD_BYTES;
    return {
      file: this.files[this.#records.readUInt32BE(at + DIGEST_BYTES)] as ReferencedFile,
      digest: this.#records.subarray(at, at + DIGEST_BYTES),
      length: this.#records.readUInt32BE(at + DIGEST_BYTES + 4),
      offset: Number(this.#records.readBigUInt64BE(at + DIGEST_BYTES + 8)),
    };
  }
}

function readFile(value: unknown): ReferencedFile {
  const { path, size, mtimeNs, ino } = value as Record<string, unknown>;
  if (typeof path !== "string" || typeof size !== "number" || typeof mtimeNs !== "string" || typeof ino !== "string") {
    throw new Error("it lists a file in another form");
  }
  return { path, size, mtimeNs: BigInt(mtimeNs), ino: BigInt(ino) };
}
