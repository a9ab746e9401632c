import { createCipheriv } from "node:crypto";
import { mkdir, open, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type ModelListing, walkModel } from "model-provenance-nft";

const MEBIBYTE = 1024 * 1024;

/** Files that are hashed together. */
export interface FileSet {
  readonly name: "one" | "eight" | "small";
  readonly folder: string;
  readonly files: ModelListing["files"];
}

const SHAPES = [
  { name: "one", count: 1, size: 2048 * MEBIBYTE },
  { name: "eight", count: 8, size: 256 * MEBIBYTE },
  { name: "small", count: 20_000, size: 4096 },
] as const;

/** Makes the files that are not there yet: 1 × 2 GiB, 8 × 256 MiB and 20 000 × 4 KiB of bytes that do not compress. */
export async function createSets(root: string): Promise<FileSet[]> {
  const sets: FileSet[] = [];
  for (const { name, count, size } of SHAPES) {
    const folder = join(root, name);
    await mkdir(folder, { recursive: true });
    for (let i = 0; i < count; i++) await createFile(join(folder, `file-${i}.bin`), size, i);
    const { files } = await walkModel(folder);
    sets.push({ name, folder, files });
  }
  return sets;
}

/** Makes 100 000 files of 4 KiB in 100 folders. @returns the folder of these */
export async function createMany(root: string): Promise<string> {
  const folder = join(root, "many");
  for (let i = 0; i < 100; i++) {
    const shard = join(folder, `shard-${i}`);
    await mkdir(shard, { recursive: true });
    for (let j = 0; j < 1000; j++) await createFile(join(shard, `file-${j}.bin`), 4096, i);
  }
  return folder;
}

async function createFile(path: string, size: number, seed: number): Promise<void> {
  const present = await stat(path).catch(() => undefined);
  if (present?.size === size) return;
  const key = Buffer.alloc(32, seed);
  const stream = createCipheriv("aes-256-ctr", key, Buffer.alloc(16));
  if (size <= MEBIBYTE) return writeFile(path, stream.update(Buffer.alloc(size)));
  const file = await open(path, "w");
  try {
    const zeros = Buffer.alloc(MEBIBYTE);
    for (let written = 0; written < size; written += MEBIBYTE) await file.write(stream.update(zeros));
  } finally {
    await file.close();
  }
}
