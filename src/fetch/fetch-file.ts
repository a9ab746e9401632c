import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { CID } from "multiformats/cid";
import { forEachAtOnce } from "../base/concurrency.ts";
import { ProvenanceError } from "../base/errors.ts";
import { makeFolders } from "../base/make-folders.ts";
import type { Resource } from "../model/resource.ts";
import type { BlockReader } from "../content/unixfs/read-dag.ts";
import { type FilePiece, isPiece, listFilePieces, readFilePiece } from "../content/unixfs/unixfs-pieces.ts";
import { onDisk } from "./on-disk.ts";

/** How the pieces of files are read. */
export interface PieceReading {
  /** Reads blocks that link others. */
  readonly readLinks: BlockReader;
  /** Reads blocks of content, once each. */
  readonly readContent: BlockReader;
  /** Runs what holds a piece in memory when its turn comes, so many at once over all files. */
  readonly inTurn: (task: () => Promise<void>) => Promise<void>;
  readonly atOnce: number;
  /** The files were cut in another way than ours: what is there cannot always be told piece by piece. */
  readonly foreign: boolean;
  /** Called with the bytes that are in place: fetched now, or found there from an earlier run. */
  readonly onBytes: (bytes: number, how: "fetched" | "kept") => void;
}

const READ_BYTES = 1024 * 1024;
// No link is followed: what lies in the folder may be older than this run.
const FLAGS = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/**
 * Fetches one file into a folder, piece by piece: each is checked before it is written to its place, and what is there
 * already from an earlier run is checked and kept.
 *
 * @param root - of the file
 * @throws {ProvenanceError} `TARGET_FAILED`, `STORE_BLOCK_CORRUPT`, and as the readers
 */
export async function fetchFile(folder: string, resource: Resource, root: CID, reading: PieceReading): Promise<void> {
  const path = join(folder, ...resource.name.split("/"));
  const file = await onDisk(path, async () => {
    await makeFolders(folder, resource.name.split("/").slice(0, -1));
    return open(path, FLAGS, 0o644);
  });
  try {
    const { size: existing, nlink } = await onDisk(path, async () => file.stat());
    // Another name of the file leads who knows where.
    if (nlink > 1)
      throw new ProvenanceError("TARGET_TAKEN", `${path} has another name as well. Remove it and run again.`);
    if (reading.foreign && existing === resource.size && (await hasContent(file, resource))) {
      reading.onBytes(resource.size, "kept");
      return;
    }
    if (existing > resource.size) await onDisk(path, async () => file.truncate(resource.size));
    const there = Math.min(existing, resource.size);
    const pieces = resource.size === 0 ? [] : listFilePieces(root, resource.size, reading.readLinks);
    await forEachAtOnce(pieces, reading.atOnce, async (piece) =>
      reading.inTurn(async () => {
        if (piece.offset + piece.size <= there && (await isThere(file, piece))) {
          reading.onBytes(piece.size, "kept");
          return;
        }
        const bytes = await readFilePiece(piece, reading.readContent);
        await onDisk(path, async () => writeAll(file, bytes, piece.offset));
        reading.onBytes(piece.size, "fetched");
      }),
    );
    await onDisk(path, async () => file.sync());
  } finally {
    await file.close();
  }
}

async function isThere(file: FileHandle, piece: FilePiece): Promise<boolean> {
  if (!("cid" in piece)) return false;
  const buffer = new Uint8Array(piece.size);
  const { bytesRead } = await file.read(buffer, 0, piece.size, piece.offset);
  return bytesRead === piece.size && isPiece(piece, buffer);
}

/** Tells whether a file is the one recorded as a whole. */
async function hasContent(file: FileHandle, { size, sha256 }: Resource): Promise<boolean> {
  const hash = createHash("sha256");
  const buffer = new Uint8Array(READ_BYTES);
  for (let position = 0; position < size;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) return false;
    hash.update(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return hash.digest("hex") === sha256;
}

async function writeAll(file: FileHandle, bytes: Uint8Array, offset: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    // A disk that is nearly full takes a part, and fails with the next.
    const { bytesWritten } = await file.write(bytes, written, bytes.length - written, offset + written);
    written += bytesWritten;
  }
}
