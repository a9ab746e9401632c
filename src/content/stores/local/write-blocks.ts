import { resolve } from "node:path";
import type { CID } from "multiformats/cid";
import * as raw from "multiformats/codecs/raw";
import { ProvenanceError } from "../../../base/errors.ts";
import { giveBack } from "../../buffer-pool.ts";
import { type Block, type BlockOrigin, SHA2_256 } from "../../cid.ts";
import type { BlockFiles } from "./block-files.ts";
import { describeReferencedFile, isSameReferencedFile } from "./read-reference.ts";
import type { DigestReference, ReferencedFile } from "./reference-file.ts";
import type { References } from "./references.ts";

// Each waits for the disk, which brings there together what waits at once; so many blocks are held in memory.
const WRITES_AT_ONCE = 16;
// References wait here until a file of them is written.
const MAX_WAITING = 16_384;

/** Writes the blocks of one pin: as files, or as references to the files they stand in. */
export class BlockWriter {
  readonly #blocks: BlockFiles;
  readonly #references: References;
  readonly #copy: boolean;
  readonly #writing = new Set<Promise<void>>();
  #waiting: DigestReference[] = [];
  #looked: Promise<unknown> | undefined;
  #file: ReferencedFile | undefined;
  #failure: { readonly error: unknown } | undefined;

  constructor({ blocks, references }: { blocks: BlockFiles; references: References }, copy: boolean) {
    this.#blocks = blocks;
    this.#references = references;
    this.#copy = copy;
  }

  /** Takes one block; it is on the disk once {@link finish} is done. @throws {ProvenanceError} `STORE_FAILED`, `MODEL_CHANGED` */
  async write(block: Block): Promise<void> {
    const { cid, origin } = block;
    if (origin !== undefined && !this.#copy && isReferable(cid)) {
      await this.#refer(block, origin);
      return giveBack(block.bytes);
    }
    if (this.#writing.size === WRITES_AT_ONCE) await Promise.race(this.#writing);
    this.#throwFailure();
    const writing = this.#blocks
      .write(block)
      .then(() => giveBack(block.bytes))
      .catch((error: unknown) => void (this.#failure ??= { error }))
      .finally(() => this.#writing.delete(writing));
    this.#writing.add(writing);
  }

  /** Waits for all blocks and brings them to the disk. @throws {ProvenanceError} `STORE_FAILED`, `MODEL_CHANGED` */
  async finish(): Promise<void> {
    await Promise.all(this.#writing);
    this.#throwFailure();
    await this.#blocks.sync();
    await this.#leaveFile();
    await this.#flush();
  }

  async #refer({ cid, bytes }: Block, { path, offset }: BlockOrigin): Promise<void> {
    this.#looked ??= this.#references.refresh();
    await this.#looked;
    const absolute = resolve(path);
    if (this.#file?.path !== absolute) {
      await this.#leaveFile();
      this.#file = await describeReferencedFile(absolute);
      if (this.#file === undefined) throw changed(absolute);
    }
    const file = this.#file;
    const known = this.#references.find(cid.multihash.digest);
    if (known.some((other) => other.offset === offset && isSameReferencedFile(other.file, file))) return;
    this.#waiting.push({ digest: cid.multihash.digest, file, offset, length: bytes.length });
    if (this.#waiting.length >= MAX_WAITING) await this.#flush();
  }

  /** A file that was written to while its blocks came in may hold others by now. */
  async #leaveFile(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    if (file === undefined || isSameReferencedFile(file, await describeReferencedFile(file.path))) return;
    this.#waiting = this.#waiting.filter((reference) => reference.file !== file);
    throw changed(file.path);
  }

  async #flush(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await this.#references.add(waiting);
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }
}

/** Tells whether a block's bytes are exactly a range of a file: references are found by their SHA-256 alone. */
export function isReferable({ code, multihash }: CID): boolean {
  return code === raw.code && multihash.code === SHA2_256;
}

function changed(path: string): ProvenanceError {
  return new ProvenanceError(
    "MODEL_CHANGED",
    `${path} changed while it was being pinned. Wait until nothing writes to the model and run again.`,
  );
}
