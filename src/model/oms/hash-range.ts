import { type FileHandle, open } from "node:fs/promises";
import { createHash, getHashes } from "node:crypto";
import { ProvenanceError } from "../../base/errors.ts";
import { digestFiles } from "../hashing/digest-files.ts";
import type { ByteProgress } from "../hashing/steps.ts";
import { OPEN_FLAGS, assertRegular, assertUnchanged, changed, unreadable } from "../hashing/digest-sync.ts";
import type { ModelFile } from "../walk-folder.ts";
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
 * Hashes files whole.
 *
 * @returns digests of hex digits, in the order of the files
 * @throws {ProvenanceError} as {@link digestFiles}
 */
export async function hashWhole(
  files: readonly ModelFile[],
  hashType: OmsHashType,
  onBytes?: ByteProgress,
): Promise<string[]> {
  if (hashType === "sha256") return (await digestFiles(files, onBytes && { onBytes })).map(({ sha256 }) => sha256);
  const digests: string[] = [];
  for (const file of files) {
    const [digest] = await hashRanges(file, [{ start: 0, end: file.size }], hashType, onBytes);
    digests.push(digest as string);
  }
  return digests;
}

/**
 * Hashes a file range by range, in bounded memory.
 *
 * @returns one digest of hex digits a range
 * @throws {ProvenanceError} `MODEL_UNREADABLE`, `MODEL_UNSUPPORTED_ENTRY`, or `MODEL_CHANGED` if it is not the file that
 *   was listed any more
 */
export async function hashRanges(
  file: ModelFile,
  ranges: readonly ShardRange[],
  hashType: OmsHashType,
  onBytes?: ByteProgress,
): Promise<string[]> {
  const algorithm = NODE_HASH[hashType] as string;
  const handle = await openFile(file);
  try {
    const before = await handle.stat({ bigint: true });
    assertRegular(before, file.path);
    assertUnchanged(file.identity, before, file.path);
    const buffer = Buffer.allocUnsafe(Math.min(BUFFER_SIZE, Math.max(file.size, 1)));
    const digests: string[] = [];
    for (const range of ranges) digests.push(await hashRange(handle, file, range, { algorithm, buffer, onBytes }));
    assertUnchanged(before, await handle.stat({ bigint: true }), file.path);
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
      .catch((cause: unknown) => Promise.reject(unreadable(file.path, cause)));
    if (bytesRead === 0) throw changed(file.path);
    hash.update(options.buffer.subarray(0, bytesRead));
    options.onBytes?.(bytesRead);
    position += bytesRead;
  }
  return hash.digest("hex");
}

async function openFile({ path }: ModelFile): Promise<FileHandle> {
  try {
    return await open(path, OPEN_FLAGS);
  } catch (cause) {
    throw unreadable(path, cause);
  }
}
