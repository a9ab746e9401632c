import { randomUUID } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { syncFolder, writeFileAtomically } from "../../../base/atomic-write.ts";
import { listFolder } from "./block-files.ts";
import { type DigestReference, type Reference, ReferenceFile, encodeReferences } from "./reference-file.ts";
import { storeFailed } from "./store-failed.ts";

const NAME = /^[0-9a-f-]{36}\.references$/;
// 16 384 references are those of 16 GiB, and a file of 0.8 MB.
const PER_FILE = 16_384;

/** All references of a store: where blocks lie that were not copied. */
export class References {
  readonly #folder: string;
  readonly #files = new Map<string, ReferenceFile>();
  #generation = 0;
  readonly #damaged = new Map<string, string>();

  /** @param folder - made when the first reference is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reference files that cannot be used, by path, with what is wrong with each; those of the last look at the folder. */
  get damaged(): ReadonlyMap<string, string> {
    return this.#damaged;
  }

  /** Every reference to a raw block with that SHA-256, as of the last look at the folder. */
  find(digest: Uint8Array): Reference[] {
    return [...this.#files.values()].flatMap((file) => [...file.find(digest)]);
  }

  /** All references; those of one reference file in the order in which they lie on the disk. */
  async *list(): AsyncGenerator<DigestReference> {
    await this.refresh();
    for (const file of this.#files.values()) {
      const order = new Map(file.files.map((referenced, i) => [referenced, i]));
      const place = ({ file, offset }: DigestReference) => [order.get(file) as number, offset] as const;
      yield* [...file].sort((a, b) => place(a)[0] - place(b)[0] || place(a)[1] - place(b)[1]);
    }
  }

  /** Another number whenever there are other references than before: whoever looked in vain looks again. */
  get generation(): number {
    return this.#generation;
  }

  /** Looks at the folder again. @throws {ProvenanceError} `STORE_FAILED` */
  async refresh(): Promise<void> {
    const names = new Set((await listFolder(this.#folder)).map(({ name }) => name).filter((name) => NAME.test(name)));
    for (const name of this.#files.keys()) if (!names.has(name) && this.#files.delete(name)) this.#generation++;
    for (const path of this.#damaged.keys()) if (!names.has(basename(path))) this.#damaged.delete(path);
    for (const name of names) {
      if (this.#files.has(name) || this.#damaged.has(join(this.#folder, name))) continue;
      await this.#load(name);
    }
  }

  /** Writes references, all of them on the disk when it is done. @throws {ProvenanceError} `STORE_FAILED` */
  async add(references: readonly DigestReference[]): Promise<void> {
    try {
      for (let start = 0; start < references.length; start += PER_FILE) {
        const name = `${randomUUID()}.references`;
        const bytes = encodeReferences(references.slice(start, start + PER_FILE));
        await mkdir(this.#folder, { recursive: true });
        await writeFileAtomically(join(this.#folder, name), bytes);
        this.#files.set(name, new ReferenceFile(Buffer.from(bytes)));
        this.#generation++;
      }
      if (references.length > 0) for (const path of [this.#folder, dirname(this.#folder)]) await syncFolder(path);
    } catch (cause) {
      throw storeFailed("write", this.#folder, cause);
    }
  }

  /**
   * Leaves out the references that are not kept, and those files that cannot be used.
   *
   * @returns number of references left out
   * @throws {ProvenanceError} `STORE_FAILED`
   */
  async retain(keep: (reference: DigestReference) => boolean): Promise<number> {
    await this.refresh();
    let removed = 0;
    for (const [name, file] of [...this.#files]) {
      const kept = [...file].filter(keep);
      if (kept.length === file.count) continue;
      removed += file.count - kept.length;
      await this.add(kept); // before the old ones go: a kill between leaves both
      await this.#remove(join(this.#folder, name));
      this.#files.delete(name);
    }
    for (const path of this.#damaged.keys()) await this.#remove(path);
    this.#damaged.clear();
    return removed;
  }

  async #load(name: string): Promise<void> {
    const path = join(this.#folder, name);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined; // removed since it was listed
      throw storeFailed("read", path, cause);
    });
    if (bytes === undefined) return;
    try {
      this.#files.set(name, new ReferenceFile(bytes));
      this.#generation++;
    } catch (error) {
      this.#damaged.set(path, (error as Error).message);
    }
  }

  async #remove(path: string): Promise<void> {
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw storeFailed("remove", path, cause);
    });
  }
}
