import { mkdir, open, rename } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Writes a file whole or not at all, and returns only when it would outlive a power cut: the content is on the disk
 * before it takes its place, and so is the place. For a path that one process writes at a time: what a killed one left
 * beside it is written over.
 *
 * @throws the error of the file system
 */
export async function writeDurably(path: string, text: string): Promise<void> {
  const temporary = `${path}.tmp`;
  const file = await open(temporary, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** Makes a folder, for its owner alone, and those above it; they outlive a power cut. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 });
  if (first === undefined) return;
  const top = dirname(resolve(first));
  for (let folder = dirname(resolve(path)); folder.startsWith(top); folder = dirname(folder)) {
    await syncFolder(folder);
    if (folder === top) return;
  }
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === "win32") return; // A folder cannot be opened there.
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
