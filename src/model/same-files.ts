import { changed, isSameFile } from "./hashing/digest-sync.ts";
import type { ModelFile } from "./file-table.ts";
import { compareNames } from "./resource.ts";

/**
 * Makes sure that two listings of a model name the same files, with nothing written or put in another's place between.
 *
 * @param before - in name order
 * @throws {ProvenanceError} `MODEL_CHANGED`
 */
export function assertSameFiles(before: readonly ModelFile[], after: readonly ModelFile[]): void {
  const comparison = new FileComparer(before);
  for (const file of after) comparison.see(file);
  comparison.assertAllSeen();
}

/** Compares a listing with the files of a later one, which are shown one by one in any order. */
export class FileComparer {
  readonly #before: readonly ModelFile[];
  readonly #seen: Uint8Array;

  /** @param before - in name order */
  constructor(before: readonly ModelFile[]) {
    this.#before = before;
    this.#seen = new Uint8Array(before.length);
  }

  /** @throws {ProvenanceError} `MODEL_CHANGED` if this file was not there, or was another */
  see(file: ModelFile): void {
    const index = this.#find(file.name);
    const known = this.#before[index];
    if (known === undefined || this.#seen[index] === 1 || !isSameEntry(known, file)) throw changed(file.path);
    this.#seen[index] = 1;
  }

  /** @throws {ProvenanceError} `MODEL_CHANGED` if a file is gone */
  assertAllSeen(): void {
    const missing = this.#before[this.#seen.indexOf(0)];
    if (missing !== undefined) throw changed(missing.path);
  }

  /** Binary search: a map of 100 000 names would take more memory than the list itself. */
  #find(name: string): number {
    let low = 0;
    let high = this.#before.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const order = compareNames((this.#before[middle] as ModelFile).name, name);
      if (order === 0) return middle;
      if (order < 0) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }
}

function isSameEntry(a: ModelFile, b: ModelFile): boolean {
  if (!isSameFile(a.identity, b.identity)) return false;
  // A link that was followed: to another blob, or written anew.
  if (a.link === undefined || b.link === undefined) return a.link === b.link;
  return a.path === b.path && isSameFile(a.link, b.link);
}
