import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CID } from "multiformats/cid";
import { syncFolder, writeFileAtomically } from "../../../base/atomic-write.ts";
import { ProvenanceError } from "../../../base/errors.ts";
import { listFolder } from "./block-files.ts";
import { storeFailed } from "./store-failed.ts";

/** What a store was asked to keep. */
export interface Pin {
  readonly root: CID;
  /** The blocks to keep, the root among them, where links are not followed; absent: all below the root. */
  readonly blocks?: readonly CID[];
}

const FORMAT = "model-provenance pin 1";

/** The pins of a store: files of JSON, {"format", "root"} and where links are not followed "blocks", named by the root. */
export class Pins {
  readonly #folder: string;

  /** @param folder - made when the first pin is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** All pins, in the order of their roots. @throws {ProvenanceError} `STORE_FAILED`, also for a pin that was damaged */
  async list(): Promise<Pin[]> {
    const pins: Pin[] = [];
    for (const { name } of (await listFolder(this.#folder)).toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (name.startsWith(".")) continue; // a temporary file
      const pin = await this.#read(name);
      if (pin !== undefined) pins.push(pin);
    }
    return pins;
  }

  /** @returns undefined where the root is not pinned. @throws {ProvenanceError} `STORE_FAILED` */
  async find(root: CID): Promise<Pin | undefined> {
    return this.#read(nameOf(root));
  }

  /** Records a pin; one that keeps more is left as it is. @throws {ProvenanceError} `STORE_FAILED` */
  async add({ root, blocks }: Pin): Promise<void> {
    const existing = await this.find(root);
    if (existing !== undefined && existing.blocks === undefined) return;
    const kept = blocks && [...new Set([...(existing?.blocks ?? []), ...blocks].map((cid) => cid.toString()))];
    const path = join(this.#folder, nameOf(root));
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFileAtomically(path, `${JSON.stringify({ format: FORMAT, root: root.toString(), blocks: kept })}\n`);
      for (const folder of [this.#folder, dirname(this.#folder)]) await syncFolder(folder);
    } catch (cause) {
      throw storeFailed("write", path, cause);
    }
  }

  /** @returns whether there was such a pin. @throws {ProvenanceError} `STORE_FAILED` */
  async remove(root: CID): Promise<boolean> {
    const path = join(this.#folder, nameOf(root));
    try {
      await rm(path);
      await syncFolder(this.#folder);
      return true;
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === "ENOENT") return false;
      throw storeFailed("remove", path, cause);
    }
  }

  async #read(name: string): Promise<Pin | undefined> {
    const path = join(this.#folder, name);
    const text = await readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return undefined;
      throw storeFailed("read", path, cause);
    });
    if (text === undefined) return undefined;
    try {
      const { format, root, blocks } = JSON.parse(text) as Record<string, unknown>;
      if (format !== FORMAT) throw new Error("another format");
      const pin = { root: CID.parse(String(root)) };
      if (nameOf(pin.root) !== name) throw new Error("another name");
      return blocks === undefined ? pin : { ...pin, blocks: (blocks as string[]).map((cid) => CID.parse(cid)) };
    } catch (cause) {
      const text = `The pin ${path} cannot be read: it was damaged. Delete it and pin again.`;
      throw new ProvenanceError("STORE_FAILED", text, { cause });
    }
  }
}

function nameOf(root: CID): string {
  return root.toV1().toString();
}
