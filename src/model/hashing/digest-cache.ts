import { mkdir, open, realpath, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type CacheEntry, readCacheFile, writeCacheFile } from "./digest-cache-file.ts";
import { type FileDigest, type FileIdentity, LEAF_BYTES } from "./digest-sync.ts";

/** Options of {@link DigestCache.open}. */
export interface DigestCacheOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called with a sentence where the cache cannot be used; nothing fails for its sake. */
  readonly warn: (text: string) => void;
  /** Entries kept; 200 000 when it is left out. */
  readonly maxEntries?: number;
}

const MAX_ENTRIES = 200_000;
// 512 GiB of models.
const MAX_LEAF_BYTES = 16 * 1024 * 1024;
// Coarse time stamps: 2 s on FAT, a tick of the kernel elsewhere; and clocks of file servers that are a little late.
const SETTLED_MILLISECONDS = 5_000;
const DAY_SECONDS = 24 * 60 * 60;
const LOCK_TRIES = 200;
const LOCK_MILLISECONDS = 25;

/**
 * Digests of files that were hashed before, so that a model of which little changed is not read as a whole. A file
 * is known by device, inode, size, mtime and ctime in nanoseconds: who can set those without the kernel's help could
 * also make a file that is not read, which is why nothing uses a cache unless it was asked to.
 *
 * @example
 * const cache = await DigestCache.open("hashes.json", { now: Date.now, warn: console.error });
 * const { cached } = await hashModel("./my-model", { cache });
 * await cache.save();
 */
export class DigestCache {
  /** Where it lies, without symbolic links on the way. */
  readonly path: string;
  readonly #options: DigestCacheOptions;
  readonly #known: Map<string, CacheEntry>;
  // What this process learnt or served: merged into whatever others wrote meanwhile.
  readonly #news = new Map<string, CacheEntry>();
  readonly #replaceable: boolean;

  private constructor(path: string, options: DigestCacheOptions, known: Map<string, CacheEntry>, replaceable: boolean) {
    this.path = path;
    this.#options = options;
    this.#known = known;
    this.#replaceable = replaceable;
  }

  /** Opens a cache. A file that is missing, damaged or no cache gives an empty one. */
  static async open(path: string, options: DigestCacheOptions): Promise<DigestCache> {
    const absolute = resolve(path);
    const folder = await realpath(dirname(absolute)).catch(() => dirname(absolute));
    const real = join(folder, basename(absolute));
    const { entries, fault, replaceable } = await readCacheFile(real);
    if (fault !== undefined) options.warn(`The hash cache ${path} ${fault}.`);
    return new DigestCache(real, options, entries, replaceable);
  }

  /** The clock, in milliseconds since 1970. */
  now(): number {
    return this.#options.now();
  }

  /** The digest of a file that was hashed before and not written since; undefined: it has to be read. */
  find(identity: FileIdentity, withLeaves: boolean): FileDigest | undefined {
    const key = keyOf(identity);
    const entry = this.#news.get(key) ?? this.#known.get(key);
    if (entry === undefined) return undefined;
    const size = Number(identity.size);
    const digest = withLeaves ? withLeavesOf(entry, size) : { sha256: entry.sha256, size };
    const now = this.#seconds();
    if (digest !== undefined && now - entry.used > DAY_SECONDS) this.#news.set(key, { ...entry, used: now });
    return digest;
  }

  /**
   * Keeps the digest of a file that was the same before and after it was read.
   *
   * @param listedAt - the clock before the file's identity was taken, in milliseconds. A file written shortly before
   *   is not kept: a later write could leave the same time stamp.
   */
  add(identity: FileIdentity, { sha256, size, leafDigests }: FileDigest, listedAt: number): void {
    const settled = BigInt(Math.floor(listedAt - SETTLED_MILLISECONDS)) * 1_000_000n;
    if (identity.mtimeNs > settled || identity.ctimeNs > settled) return;
    const leaves = leafDigests === undefined || size <= LEAF_BYTES ? {} : { leafDigests };
    this.#news.set(keyOf(identity), { sha256, ...leaves, used: this.#seconds() });
  }

  /** Writes what is new, merged with what other processes wrote meanwhile. Where that fails it warns. */
  async save(): Promise<void> {
    if (this.#news.size === 0 || !this.#replaceable) return;
    try {
      await mkdir(dirname(this.path), { recursive: true });
      await withLock(`${this.path}.lock`, async () => {
        const { entries, replaceable } = await readCacheFile(this.path);
        if (!replaceable) throw new Error("another file was put in its place");
        await writeCacheFile(this.path, this.#bound(merge(entries, this.#news)));
      });
      this.#news.forEach((entry, key) => this.#known.set(key, entry));
      this.#news.clear();
    } catch (error) {
      const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
      this.#options.warn(`The hash cache ${this.path} cannot be written (${reason}).`);
    }
  }

  #seconds(): number {
    return Math.max(0, Math.floor(this.now() / 1000));
  }

  /** The newest entries, and the leaves of the newest of them. */
  #bound(entries: ReadonlyMap<string, CacheEntry>): Map<string, CacheEntry> {
    const newest = [...entries].sort(([, a], [, b]) => b.used - a.used);
    let leafBytes = 0;
    const kept = newest.slice(0, this.#options.maxEntries ?? MAX_ENTRIES).map(([key, entry]) => {
      leafBytes += entry.leafDigests?.length ?? 0;
      const { leafDigests: _, ...flat } = entry;
      return [key, leafBytes > MAX_LEAF_BYTES ? flat : entry] as const;
    });
    return new Map(kept);
  }
}

function keyOf({ dev, ino, size, mtimeNs, ctimeNs }: FileIdentity): string {
  return `${dev}:${ino}:${size}:${mtimeNs}:${ctimeNs}`;
}

function withLeavesOf({ sha256, leafDigests }: CacheEntry, size: number): FileDigest | undefined {
  // A file of one leaf has that leaf's digest.
  const leaves = size <= LEAF_BYTES ? Buffer.from(sha256, "hex") : leafDigests;
  return leaves && { sha256, size, leafDigests: leaves };
}

function merge(theirs: ReadonlyMap<string, CacheEntry>, ours: ReadonlyMap<string, CacheEntry>) {
  const merged = new Map(theirs);
  for (const [key, entry] of ours) {
    const leafDigests = entry.leafDigests ?? theirs.get(key)?.leafDigests;
    merged.set(key, { ...entry, ...(leafDigests && { leafDigests }) });
  }
  return merged;
}

/** One writer at a time. A lock that stays belongs to a process that died: after five seconds it is broken. */
async function withLock(path: string, action: () => Promise<void>): Promise<void> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    try {
      await (await open(path, "wx", 0o600)).close();
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      await wait(LOCK_MILLISECONDS);
    }
  }
  try {
    await action();
  } finally {
    await rm(path, { force: true });
  }
}
