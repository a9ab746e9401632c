import { type Dirent } from "node:fs";
import { mkdir, readFile, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CID } from "multiformats/cid";
import { TEMPORARY_NAME, replaceFileAtomically, syncFolder } from "../../../base/atomic-write.ts";
import { forEachAtOnce } from "../../../base/concurrency.ts";
import { DirectFile, arePages } from "../../../base/direct-file.ts";
import { ProvenanceError } from "../../../base/errors.ts";
import { type Block, bytesMatchCid } from "../../cid.ts";
import { storeFailed } from "./store-failed.ts";

const SYNCS_AT_ONCE = 16;

/** Blocks that are kept as files of their own, each named by its CID. */
export class BlockFiles {
  readonly #folder: string;
  readonly #touched = new Set<string>();

  /** @param folder - made when the first block is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a block is, or would be. */
  pathOf(cid: CID): string {
    const name = cid.toV1().toString();
    // Two last characters as folder: the first ones are the same in every CID.
    return join(this.#folder, name.slice(-2), name);
  }

  /** @throws {ProvenanceError} `STORE_BLOCK_CORRUPT`, `STORE_FAILED`. @returns undefined where there is no such file */
  async read(cid: CID): Promise<Uint8Array | undefined> {
    const path = this.pathOf(cid);
    const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw storeFailed("read", path, cause);
    });
    if (bytes === undefined || bytesMatchCid(cid, bytes)) return bytes;
    throw new ProvenanceError(
      "STORE_BLOCK_CORRUPT",
      `${path} does not hold what its name says: it was damaged. Delete it and pin again.`,
    );
  }

  /** Bytes of a block's file; undefined where there is none. Nothing is read of it. */
  async sizeOf(cid: CID): Promise<number | undefined> {
    return stat(this.pathOf(cid)).then(
      ({ size }) => size,
      () => undefined,
    );
  }

  /** Writes a block; one that is there and whole is left as it is. @throws {ProvenanceError} `STORE_FAILED` */
  async write({ cid, bytes }: Block): Promise<void> {
    const path = this.pathOf(cid);
    try {
      const existing = await readFile(path).catch(() => undefined);
      if (existing !== undefined && bytesMatchCid(cid, existing)) return;
      const folder = dirname(path);
      if (!this.#touched.has(folder)) await mkdir(folder, { recursive: true });
      this.#touched.add(folder);
      await replaceFileAtomically(path, async (file, temporary) => {
        if (!arePages(bytes)) return file.writeFile(bytes);
        const direct = await DirectFile.open(file, temporary);
        await direct.write(bytes, bytes.length, 0).finally(async () => direct.close());
      });
    } catch (cause) {
      throw storeFailed("write", path, cause);
    }
  }

  /** Brings the names of all blocks written to the disk. @throws {ProvenanceError} `STORE_FAILED` */
  async sync(): Promise<void> {
    if (this.#touched.size === 0) return;
    const folders = [...this.#touched, this.#folder, dirname(this.#folder)];
    this.#touched.clear();
    // What waits for the disk at once is brought there together.
    await forEachAtOnce(folders, SYNCS_AT_ONCE, async (folder) => {
      await syncFolder(folder).catch((cause: unknown) => {
        throw storeFailed("write", folder, cause);
      });
    });
  }

  /** The CIDs of all files, in no order. @throws {ProvenanceError} `STORE_FAILED` */
  async *list(): AsyncGenerator<CID> {
    for await (const { name } of this.#entries()) {
      const cid = parseName(name);
      if (cid !== undefined) yield cid;
    }
  }

  /** What killed processes left behind: paths. @throws {ProvenanceError} `STORE_FAILED` */
  async *listTemporary(): AsyncGenerator<string> {
    for await (const { parentPath, name } of this.#entries()) {
      // The second form is that of stores made before blocks were written by one helper.
      if (TEMPORARY_NAME.test(name) || /^b[a-z2-7]+\.[0-9a-f-]{36}\.tmp$/.test(name)) yield join(parentPath, name);
    }
  }

  /** @throws {ProvenanceError} `STORE_FAILED` */
  async remove(cid: CID): Promise<void> {
    const path = this.pathOf(cid);
    await rm(path, { force: true }).catch((cause: unknown) => {
      throw storeFailed("remove", path, cause);
    });
  }

  async *#entries(): AsyncGenerator<Dirent> {
    for (const folder of await listFolder(this.#folder)) {
      if (!folder.isDirectory()) continue;
      for (const entry of await listFolder(join(this.#folder, folder.name))) {
        if (entry.isFile()) yield entry;
      }
    }
  }
}

/** Lists a folder; nothing where there is none. @throws {ProvenanceError} `STORE_FAILED` */
export async function listFolder(path: string): Promise<Dirent[]> {
  return readdir(path, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return [];
    throw storeFailed("read", path, cause);
  });
}

function parseName(name: string): CID | undefined {
  try {
    return CID.parse(name);
  } catch {
    return undefined; // not ours
  }
}
