import { join } from "node:path";
import type { FileIdentity } from "./hashing/digest-sync.ts";

/** A file that belongs to the model and waits to be hashed. */
export interface ModelFile {
  readonly name: string;
  /** Where its content lies: for a symbolic link that was followed, the link's target. */
  readonly path: string;
  /** Size in bytes when it was listed. */
  readonly size: number;
  /** What it was when it was listed, to notice when it becomes another. */
  readonly identity: FileIdentity;
  /** The link that led there, where one was followed within a Hugging Face cache. */
  readonly link?: FileIdentity;
}

const FIELDS = 5;
const CHUNK_ROWS = 4096;

/**
 * The files of one folder and below, in little memory: a row of numbers for what makes a file the same file, and no
 * path, since it follows from the name. 100 000 files take 14 MB; as plain objects they took 45.
 */
export class FileTable {
  readonly root: string;
  readonly #chunks: BigInt64Array[] = [];
  #rows = 0;

  /** @param root - absolute path of the folder */
  constructor(root: string) {
    this.root = root;
  }

  /** Keeps a file that lies below the root under its own name. */
  add(name: string, { dev, ino, size, mtimeNs, ctimeNs }: FileIdentity): ModelFile {
    const row = this.#rows++;
    if (row % CHUNK_ROWS === 0) this.#chunks.push(new BigInt64Array(FIELDS * CHUNK_ROWS));
    this.#chunks.at(-1)?.set([dev, ino, size, mtimeNs, ctimeNs], (row % CHUNK_ROWS) * FIELDS);
    return new TableFile(this, row, name, Number(size));
  }

  /** What the file in a row was when it was listed. */
  identityAt(row: number): FileIdentity {
    const chunk = this.#chunks[Math.floor(row / CHUNK_ROWS)] as BigInt64Array;
    const start = (row % CHUNK_ROWS) * FIELDS;
    const [dev, ino, size, mtimeNs, ctimeNs] = chunk.subarray(start, start + FIELDS) as unknown as bigint[];
    // Device and inode are unsigned: in a signed field the largest of them would come back negative.
    return {
      dev: BigInt.asUintN(64, dev as bigint),
      ino: BigInt.asUintN(64, ino as bigint),
      size: size as bigint,
      mtimeNs: mtimeNs as bigint,
      ctimeNs: ctimeNs as bigint,
    };
  }
}

class TableFile implements ModelFile {
  readonly name: string;
  readonly size: number;
  readonly #table: FileTable;
  readonly #row: number;

  constructor(table: FileTable, row: number, name: string, size: number) {
    this.name = name;
    this.size = size;
    this.#table = table;
    this.#row = row;
  }

  get path(): string {
    return join(this.#table.root, this.name);
  }

  get identity(): FileIdentity {
    return this.#table.identityAt(this.#row);
  }
}
