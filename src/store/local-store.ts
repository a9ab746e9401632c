import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { CID } from "multiformats/cid";
import { ProvenanceError } from "../errors.ts";
import { type Block, bytesMatchCid } from "./cid.ts";
import type { ContentStore } from "./content-store.ts";

/** The embedded store: a folder in which every block is a file named by its CID. */
export class LocalStore implements ContentStore {
  readonly name = "local";
  readonly public = false;
  readonly #folder: string;

  /** @param folder - made when the first block is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async pin(_root: CID, blocks: Iterable<Block> | AsyncIterable<Block>): Promise<void> {
    for await (const block of blocks) await this.#write(block);
  }

  async get(cid: CID): Promise<Uint8Array> {
    const path = this.#pathOf(cid);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOENT") throw storeFailed("read", path, cause);
      throw new ProvenanceError(
        "STORE_BLOCK_MISSING",
        `The local store at ${this.#folder} does not hold ${cid.toString()}. Pin it again, or set STORE_PATH.`,
        { cause },
      );
    });
    if (!bytesMatchCid(cid, bytes)) {
      throw new ProvenanceError(
        "STORE_BLOCK_CORRUPT",
        `${path} does not hold what its name says: it was damaged. Delete it and pin again.`,
      );
    }
    return bytes;
  }

  async has(cid: CID): Promise<boolean> {
    return stat(this.#pathOf(cid)).then(
      () => true,
      () => false,
    );
  }

  // Two last characters as folder: the first ones are the same in every CID.
  #pathOf(cid: CID): string {
    const name = cid.toString();
    return join(this.#folder, "blocks", name.slice(-2), name);
  }

  async #write({ cid, bytes }: Block): Promise<void> {
    const path = this.#pathOf(cid);
    // A name of its own: the same block may be pinned twice at once.
    const temporary = `${path}.${randomUUID()}.tmp`;
    try {
      const existing = await readFile(path).catch(() => undefined);
      if (existing !== undefined && bytesMatchCid(cid, existing)) return;
      await mkdir(dirname(path), { recursive: true });
      const file = await open(temporary, "w");
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
    } catch (cause) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw storeFailed("write", path, cause);
    }
  }
}

function storeFailed(verb: "read" | "write", path: string, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError("STORE_FAILED", `The local store cannot ${verb} ${path} (${reason}).`, { cause });
}
