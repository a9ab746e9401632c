import { mkdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { writeFileAtomically } from "../../base/atomic-write.ts";
import { ProvenanceError } from "../../base/errors.ts";

/**
 * What is under way, on disk, so that a later run goes on with it. Holds no secret.
 *
 * @example
 * const store = new PinataStore({ jwt, journal: new UploadJournal("uploads") });
 */
export class UploadJournal {
  readonly #folder: string;

  /** @param folder - made when the first entry is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Reads an entry; undefined where there is none, or none of that form. */
  async read<T>(name: string, schema: z.ZodType<T>): Promise<T | undefined> {
    try {
      return schema.safeParse(JSON.parse(await readFile(this.#pathOf(name), "utf8"))).data;
    } catch {
      return undefined;
    }
  }

  /** Writes an entry whole, and to the disk. @throws {ProvenanceError} `STORE_FAILED` */
  async write(name: string, value: object): Promise<void> {
    const path = this.#pathOf(name);
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFileAtomically(path, `${JSON.stringify(value)}\n`, { mode: 0o600 });
    } catch (cause) {
      const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
      const text = `What is being uploaded cannot be noted in ${path} (${reason}). Nothing was sent.`;
      throw new ProvenanceError("STORE_FAILED", text, { cause });
    }
  }

  async remove(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}.json`);
  }
}
