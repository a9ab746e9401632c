import { createCipheriv } from "node:crypto";
import { mkdir, open, stat } from "node:fs/promises";
import { join } from "node:path";

const MEBIBYTE = 1024 * 1024;
const FILES = 4;
const FILE_MEBIBYTES = 256;

/** Bytes of the model that is measured: 1 GiB. */
export const MODEL_BYTES = FILES * FILE_MEBIBYTES * MEBIBYTE;

/** Makes a model of four files of 256 MiB that do not compress, unless it is there. @returns its folder */
export async function createModel(folder: string): Promise<string> {
  const model = join(folder, "model");
  await mkdir(model, { recursive: true });
  for (let i = 0; i < FILES; i++) await createFile(join(model, `model-${i}.safetensors`), i);
  return model;
}

async function createFile(path: string, seed: number): Promise<void> {
  const present = await stat(path).catch(() => undefined);
  if (present?.size === FILE_MEBIBYTES * MEBIBYTE) return;
  const stream = createCipheriv("aes-256-ctr", Buffer.alloc(32, 100 + seed), Buffer.alloc(16));
  const zeros = Buffer.alloc(MEBIBYTE);
  const file = await open(path, "w");
  try {
    for (let i = 0; i < FILE_MEBIBYTES; i++) await file.write(stream.update(zeros));
  } finally {
    await file.close();
  }
}
