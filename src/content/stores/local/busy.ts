import { createHash, randomUUID } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { ProvenanceError } from "../../../base/errors.ts";
import { hasProcess } from "../../../base/process-identity.ts";
import { listFolder } from "./block-files.ts";
import { storeFailed } from "./store-failed.ts";

/** What is done to a store: any number of writers at once, or one sweep alone. */
export type Work = "write" | "sweep";

const NAME = /^(write|sweep)-(\d+)-([0-9a-f]{16})-[0-9a-f-]{36}$/;
const HOST = createHash("sha256").update(hostname()).digest("hex").slice(0, 16);
// Those of this process: a marker with its number that is not among them is of a process that had the number before.
const own = new Set<string>();

/**
 * Keeps a sweep from removing blocks that a writer has not pinned yet. Whoever begins leaves a marker first and looks
 * for others then, so that of a writer and a sweep at least one sees the other. A marker of a process that is no more
 * counts for nothing.
 */
export class Busy {
  readonly #folder: string;

  /** @param folder - made when work begins */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Does some work under a marker.
   *
   * @throws {ProvenanceError} `STORE_FAILED` if a sweep is under way, or for a sweep if anything is; what `work` throws
   */
  async during<T>(kind: Work, work: () => Promise<T>): Promise<T> {
    const name = `${kind}-${process.pid}-${HOST}-${randomUUID()}`;
    const path = join(this.#folder, name);
    own.add(name);
    try {
      await this.#mark(path);
      for (const other of await this.#others(name)) {
        if (kind === "write" && other.kind === "write") continue;
        throw inTheWay(join(this.#folder, other.name), other.kind);
      }
      return await work();
    } finally {
      await rm(path, { force: true }).catch(() => undefined);
      own.delete(name);
    }
  }

  /** Paths of markers that processes left which are no more. @throws {ProvenanceError} `STORE_FAILED` */
  async listStale(): Promise<string[]> {
    const names = (await listFolder(this.#folder)).map(({ name }) => name);
    return names.filter((name) => NAME.test(name) && !isAlive(name)).map((name) => join(this.#folder, name));
  }

  async #mark(path: string): Promise<void> {
    try {
      await mkdir(this.#folder, { recursive: true });
      await writeFile(path, "", { flag: "wx" });
    } catch (cause) {
      throw storeFailed("write", path, cause);
    }
  }

  async #others(name: string): Promise<{ name: string; kind: string }[]> {
    const names = (await listFolder(this.#folder)).map((entry) => entry.name);
    return names
      .filter((other) => other !== name && NAME.test(other) && isAlive(other))
      .map((other) => ({ name: other, kind: other.slice(0, other.indexOf("-")) }));
  }
}

function isAlive(name: string): boolean {
  const [, , pid, host] = NAME.exec(name) as RegExpExecArray;
  if (host !== HOST) return true; // nobody here can tell
  return Number(pid) === process.pid ? own.has(name) : hasProcess(Number(pid));
}

function inTheWay(path: string, kind: string): ProvenanceError {
  const what = kind === "sweep" ? "store gc is removing blocks" : "blocks are being written";
  return new ProvenanceError(
    "STORE_FAILED",
    `In the local store ${what}: try again when that is done. If nothing runs any more, delete ${path}.`,
  );
}
