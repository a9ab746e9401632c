import { join } from "node:path";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../../../base/errors.ts";
import type { Blocks, ContentStore, PinOptions } from "../../content-store.ts";
import { BlockFiles } from "./block-files.ts";
import { Busy } from "./busy.ts";
import { Pins } from "./pins.ts";
import { describeReferencedFile, isSameReferencedFile, readReference } from "./read-reference.ts";
import type { Reference } from "./reference-file.ts";
import { References } from "./references.ts";
import { BlockWriter, isReferable } from "./write-blocks.ts";
import { throwIfInterrupted } from "../../../base/http/retry.ts";
import { walkDag } from "../../unixfs/walk-dag.ts";

/** Options of {@link LocalStore}. */
export interface LocalStoreOptions {
  /** Copy blocks that stand in a file of the publisher's; else they are referred to and the file must stay. */
  readonly copy?: boolean;
}

/** The parts of a local store: folders in its folder. */
export interface LocalParts {
  readonly folder: string;
  readonly blocks: BlockFiles;
  readonly references: References;
  readonly pins: Pins;
  readonly busy: Busy;
}

/**
 * The embedded store: a folder in which every block is a file named by its CID, or a reference to a range of a file
 * that lies elsewhere. What is on the disk is whole whenever the process is killed: files are written beside their
 * place and renamed, and the pin comes last.
 */
export class LocalStore implements ContentStore {
  readonly name = "local";
  readonly public = false;
  readonly parts: LocalParts;
  readonly #copy: boolean;

  /** @param folder - made when the first block is written */
  constructor(folder: string, { copy = false }: LocalStoreOptions = {}) {
    this.#copy = copy;
    this.parts = {
      folder,
      blocks: new BlockFiles(join(folder, "blocks")),
      references: new References(join(folder, "references")),
      pins: new Pins(join(folder, "pins")),
      busy: new Busy(join(folder, "busy")),
    };
  }

  /**
   * @throws {ProvenanceError} `STORE_FAILED`; `STORE_BLOCK_MISSING` if a block below the root was not among them and is
   *   not here; `MODEL_CHANGED` if a file that is referred to changed meanwhile; `INTERRUPTED`
   */
  async pin(root: CID, blocks: Blocks, { linksOnly = false, walked, signal }: PinOptions = {}): Promise<void> {
    await this.parts.busy.during("write", async () => {
      const writer = new BlockWriter(this.parts, this.#copy);
      const given: CID[] = [root];
      try {
        for await (const block of blocks) {
          throwIfInterrupted(signal);
          await writer.write(block);
          if (linksOnly) given.push(block.cid);
        }
      } finally {
        // What came before a failure is kept: the next run finds it.
        await writer.finish();
      }
      if (!linksOnly) await this.#assertComplete(root, walked);
      await this.parts.pins.add({ root, ...(linksOnly && { blocks: given }) });
    });
  }

  async get(cid: CID): Promise<Uint8Array> {
    let fault: Error | undefined;
    const { generation } = this.parts.references;
    for (const reference of this.#referencesTo(cid)) {
      try {
        return await readReference(cid, reference);
      } catch (error) {
        fault = error as Error; // another file may hold the same bytes
      }
    }
    const bytes = await this.parts.blocks.read(cid);
    if (bytes !== undefined) return bytes;
    if (fault === undefined && (await this.#seesMore(cid, generation))) return this.get(cid);
    throw fault ?? this.#missing(cid);
  }

  async has(cid: CID): Promise<boolean> {
    if ((await this.parts.blocks.sizeOf(cid)) !== undefined) return true;
    const { generation } = this.parts.references;
    const references = this.#referencesTo(cid);
    for (const reference of references) {
      if (isSameReferencedFile(reference.file, await describeReferencedFile(reference.file.path))) return true;
      if (await holds(cid, reference)) return true;
    }
    return references.length === 0 && (await this.#seesMore(cid, generation)) && this.has(cid);
  }

  #referencesTo(cid: CID): Reference[] {
    return isReferable(cid) ? this.parts.references.find(cid.multihash.digest) : [];
  }

  /** Another process may have pinned since the references were read, and another call have seen that in the meantime. */
  async #seesMore(cid: CID, generation: number): Promise<boolean> {
    if (!isReferable(cid)) return false;
    await this.parts.references.refresh();
    return this.parts.references.generation !== generation;
  }

  /** A pin that lacks a block would be found out when it is needed. */
  async #assertComplete(root: CID, walked?: Set<string>): Promise<void> {
    const present = new Map<string, boolean>();
    const stands = async (file: Reference["file"]) => {
      const known = present.get(file.path);
      if (known !== undefined) return known;
      const same = isSameReferencedFile(file, await describeReferencedFile(file.path));
      present.set(file.path, same);
      return same;
    };
    for await (const { cid, bytes } of walkDag(root, async (node) => this.get(node), walked)) {
      if (bytes !== undefined) continue;
      const [reference] = this.#referencesTo(cid);
      if (reference !== undefined && (await stands(reference.file))) continue;
      if (!(await this.has(cid))) throw this.#missing(cid, root);
    }
  }

  #missing(cid: CID, root?: CID): ProvenanceError {
    const below = root === undefined || root.equals(cid) ? "" : `, which is below ${root.toString()}`;
    return new ProvenanceError(
      "STORE_BLOCK_MISSING",
      `The local store at ${this.parts.folder} does not hold ${cid.toString()}${below}. Pin it again, or set STORE_PATH.`,
    );
  }
}

async function holds(cid: CID, reference: Reference): Promise<boolean> {
  return readReference(cid, reference).then(
    () => true,
    () => false,
  );
}
