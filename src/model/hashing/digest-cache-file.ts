import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import { writeFileAtomically } from "../../base/atomic-write.ts";
import { LEAF_BYTES } from "./digest-sync.ts";

/** What is known of the content of one file. */
export interface CacheEntry {
  /** 64 hex digits. */
  readonly sha256: string;
  /** SHA-256 of each MiB, where it was computed and the file has more than one. */
  readonly leafDigests?: Uint8Array;
  /** When it was added or last served, in seconds since 1970: the oldest entries make room. */
  readonly used: number;
}

/** What lies at a cache's path. */
export interface CacheFile {
  /** By key; empty where the file could not be used. */
  readonly entries: Map<string, CacheEntry>;
  /** Why entries were left aside. */
  readonly fault?: string;
  /** False for a file that is not ours to overwrite. */
  readonly replaceable: boolean;
}

// A cache of the largest size that is written has about 60 MB.
const MAX_FILE_BYTES = 128 * 1024 * 1024;
const FORMAT = '{"format":"model-provenance digest cache 1","sha256":"';
const HEADER_BYTES = FORMAT.length + 64 + '","entries":'.length;
const TRAILER = "}\n";
const KEY = /^\d{1,20}:\d{1,20}:(\d{1,16}):-?\d{1,20}:-?\d{1,20}$/;
const OTHERS_MAY_WRITE = 0o022;

/**
 * Reads a cache file, and trusts nothing in it that was not checked: its own digest, the shape of every entry, and
 * that nobody else may write it. Never fails.
 */
export async function readCacheFile(path: string): Promise<CacheFile> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stats = await file.stat();
    if (!stats.isFile()) return unusable("is no regular file");
    const owner = process.getuid?.() ?? stats.uid;
    if (stats.uid !== owner) return unusable("belongs to another user");
    if (process.platform !== "win32" && (stats.mode & OTHERS_MAY_WRITE) !== 0) {
      return unusable("may be written by other users (make it private with chmod 600)");
    }
    if (stats.size > MAX_FILE_BYTES) return unusable(`has more than ${MAX_FILE_BYTES} bytes`);
    return parseCacheFile(await file.readFile());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT"
      ? { entries: new Map(), replaceable: true }
      : unusable(`cannot be read (${code ?? String(error)})`);
  } finally {
    await file?.close();
  }
}

/** Parses the bytes of a cache file. Never fails. */
export function parseCacheFile(bytes: Buffer): CacheFile {
  if (bytes.length === 0) return { entries: new Map(), replaceable: true };
  if (bytes.subarray(0, FORMAT.length).toString("latin1") !== FORMAT) {
    return unusable("is no digest cache; it is left as it is");
  }
  const recorded = bytes.subarray(FORMAT.length, FORMAT.length + 64).toString("latin1");
  const body = bytes.subarray(HEADER_BYTES, bytes.length - TRAILER.length);
  if (createHash("sha256").update(body).digest("hex") !== recorded) return damaged("is damaged");
  try {
    return toEntries(JSON.parse(body.toString("utf8")));
  } catch {
    return damaged("is damaged");
  }
}

/** Writes a cache file whole or not at all, for its owner alone. */
export async function writeCacheFile(path: string, entries: ReadonlyMap<string, CacheEntry>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFileAtomically(path, formatCacheFile(entries), { mode: 0o600 });
}

function formatCacheFile(entries: ReadonlyMap<string, CacheEntry>): string {
  const rows = Array.from(entries, ([key, { used, sha256, leafDigests }]) => {
    const leaves = leafDigests === undefined ? [] : [Buffer.from(leafDigests).toString("base64")];
    return [key, [used, sha256, ...leaves]] as const;
  });
  const body = JSON.stringify(Object.fromEntries(rows));
  return `${FORMAT}${createHash("sha256").update(body).digest("hex")}","entries":${body}${TRAILER}`;
}

function toEntries(value: unknown): CacheFile {
  const entries = new Map<string, CacheEntry>();
  let invalid = 0;
  for (const [key, row] of Object.entries(value as object)) {
    const entry = toEntry(key, row);
    if (entry === undefined) invalid++;
    else entries.set(key, entry);
  }
  const fault = invalid === 0 ? {} : { fault: `holds ${invalid} entries that are malformed; they are dropped` };
  return { entries, ...fault, replaceable: true };
}

function toEntry(key: string, row: unknown): CacheEntry | undefined {
  const match = KEY.exec(key);
  if (match === null || !Array.isArray(row) || row.length < 2 || row.length > 3) return undefined;
  const [used, sha256, leaves] = row as unknown[];
  if (typeof used !== "number" || !Number.isSafeInteger(used) || used < 0) return undefined;
  if (typeof sha256 !== "string" || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  if (leaves === undefined) return { used, sha256 };
  if (typeof leaves !== "string") return undefined;
  const leafDigests = Buffer.from(leaves, "base64");
  const expected = 32 * Math.ceil(Number(match[1]) / LEAF_BYTES);
  return leafDigests.length === expected ? { used, sha256, leafDigests } : undefined;
}

function unusable(fault: string): CacheFile {
  return { entries: new Map(), fault, replaceable: false };
}

function damaged(fault: string): CacheFile {
  return { entries: new Map(), fault: `${fault}; it is written anew`, replaceable: true };
}
