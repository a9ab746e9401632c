import { type FileHandle, open } from "node:fs/promises";
import { OPEN_FLAGS } from "../model/hashing/digest-sync.ts";
import type { ModelFile } from "../model/walk.ts";
import { Refusal } from "./refusal.ts";

/**
 * A file that many read at once through one open handle: the one that was verified, whatever is put in its place. It is
 * opened by the first reader and closed after the last.
 */
export class SharedFile {
  readonly #file: ModelFile;
  #readers = 0;
  #handle: Promise<FileHandle> | undefined;

  constructor(file: ModelFile) {
    this.#file = file;
  }

  /**
   * Begins to read. Every call needs a {@link release}.
   *
   * @throws {Refusal} 503 if the file is no longer the one that was verified
   */
  async acquire(): Promise<FileHandle> {
    this.#readers++;
    try {
      this.#handle ??= open(this.#file.path, OPEN_FLAGS).catch((cause: unknown) => {
        throw changedFile(cause);
      });
      const handle = await this.#handle;
      await this.assertUnchanged(handle);
      return handle;
    } catch (error) {
      await this.release();
      throw error;
    }
  }

  /** @throws {Refusal} 503 if the file was written, or another one was opened in its place */
  async assertUnchanged(handle: FileHandle): Promise<void> {
    const { dev, ino, size, mtimeNs, ctimeNs } = await handle.stat({ bigint: true });
    const { identity } = this.#file;
    const isSame =
      dev === identity.dev &&
      ino === identity.ino &&
      size === identity.size &&
      mtimeNs === identity.mtimeNs &&
      ctimeNs === identity.ctimeNs;
    if (!isSame) throw changedFile();
  }

  /** Ends one reading. */
  async release(): Promise<void> {
    if (--this.#readers > 0) return;
    const handle = this.#handle;
    this.#handle = undefined;
    await (await handle?.catch(() => undefined))?.close();
  }
}

function changedFile(cause?: unknown): Refusal {
  const text = "This file is not the one that was verified, and is not served.";
  return new Refusal(503, "file_changed", text, { cause });
}
