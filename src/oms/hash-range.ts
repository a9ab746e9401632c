import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { createHash, getHashes } from "node:crypto";
import { ProvenanceError } from "../errors.ts";
import { type ByteProgress, hashFile } from "../model/hash-file.ts";
import type { ModelFile } from "../model/walk-folder.ts";
import type { ShardRange } from "./shard-name.ts";
import type { OmsHashType } from "./statement.ts";

const NODE_HASH: Readonly<Record<OmsHashType, string | undefined>> = {
  sha256: "sha256",
  blake2b: "blake2b512",
  blake3: undefined,
};
const BUFFER_SIZE = 4 * 1024 * 1024;

/**
 * Checks that a hash function can be computed here.
 *
 * @throws {ProvenanceError} `OMS_UNSUPPORTED`
 */
export function assertHashSupported(hashType: OmsHashType): void {
  const name = NODE_HASH[hashType];
  if (name !== undefined && getHashes().includes(name)) return;
  throw new ProvenanceError(
    "OMS_UNSUPPORTED",
    `The bundle's files are hashed with ${hashType}, which is unsupported here. Verify it with another OMS client.`,
  );
}

/**
 * Hashes a file whole, or range by range, in bounded memory.
 *
 * @returns one digest of hex digits a range; one digest where no ranges are given
 * @throws {ProvenanceError} as {@link hashFile}, and `MODEL_CHANGED` if the file has another size than it was listed with
 */
export async function hashRanges(
  file: ModelFile,
  ranges: readonly ShardRange[] | undefined,
  hashType: OmsHashType,
  onBytes?: ByteProgress,
): Promise<string[]> {
  if (ranges === undefined && hashType === "sha256") return [(await hashFile(file.path, onBytes)).sha256];

  const algorithm = NODE_HASH[hashType] as string;
  const handle = await openRegularFile(file);
  try {
    const before = await handle.stat({ bigint: true });
    if (!before.isFile() || before.size !== BigInt(file.size)) throw changed(file);
    const buffer = Buffer.allocUnsafe(Math.min(BUFFER_SIZE, Math.max(file.size, 1)));
    const digests: string[] = [];
    for (const range of ranges ?? [{ start: 0, end: file.size }]) {
      digests.push(await hashRange(handle, file, range, { algorithm, buffer, onBytes }));
    }
    const after = await handle.stat({ bigint: true });
    if (after.size !== before.size || after.mtimeNs !== before.mtimeNs) throw changed(file);
    return digests;
  } finally {
    await handle.close();
  }
}

interface HashRangeOptions {
  readonly algorithm: string;
  readonly buffer: Buffer;
  readonly onBytes: ByteProgress | undefined;
}

async function hashRange(handle: FileHandle, file: ModelFile, { start, end }: ShardRange, options: HashRangeOptions) {
  const hash = createHash(options.algorithm);
  for (let position = start; position < end;) {
    const { bytesRead } = await handle
      .read(options.buffer, 0, Math.min(options.buffer.length, end - position), position)
      .catch((cause: unknown) => Promise.reject(unreadable(file, cause)));
    if (bytesRead === 0) throw changed(file);
    hash.update(options.buffer.subarray(0, bytesRead));
    options.onBytes?.(bytesRead);
    position += bytesRead;
  }
  return hash.digest("hex");
}

async function openRegularFile(file: ModelFile): Promise<FileHandle> {
  try {
    return await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    throw unreadable(file, cause);
  }
}

function changed({ path }: ModelFile): ProvenanceError {
  return new ProvenanceError("MODEL_CHANGED", `${path} changed while it was being hashed. Run again.`);
}

function unreadable({ path }: ModelFile, cause: unknown): ProvenanceError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new ProvenanceError("MODEL_UNREADABLE", `${path} cannot be read (${reason}).`, { cause });
}
