import { randomUUID } from "node:crypto";
import { link, mkdir, readFile, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { type ProcessIdentity, identifySelf, isRunning } from "./process-identity.ts";

const POLL_MILLISECONDS = 100;
// Generations that stay behind the newest: a reader of the folder that is slower than so many owners finds out.
const KEPT_GENERATIONS = 8;

const holderSchema = z.object({ host: z.string(), pid: z.int().positive(), started: z.string() });

/** Lets go of a lock. */
export type Release = () => Promise<void>;

/**
 * Waits until this process alone holds a lock. A lock is a folder in which every owner in turn makes the file with the
 * next number, which only one can; the owner of the newest file has the lock until the file is empty or its process is
 * gone, so that what a killed process held is free at once.
 *
 * @param folder - made if it is not there
 * @param onWait - called once if another process holds it
 * @throws the error of the file system
 */
export async function acquireLock(
  folder: string,
  onWait: (holder: ProcessIdentity) => void = () => undefined,
): Promise<Release> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const self = await identifySelf();
  const own = join(folder, `.${process.pid}-${randomUUID()}`);
  try {
    await writeFile(own, JSON.stringify(self), { flag: "wx", mode: 0o600 });
    for (let told = false; ;) {
      const { generation, holder } = await readNewest(folder);
      if (holder === undefined) {
        const path = join(folder, String(generation + 1));
        if (await takeGeneration(folder, own, generation + 1)) return async () => letGo(path);
        continue;
      }
      if (!told) onWait(holder);
      told = true;
      await sleep(POLL_MILLISECONDS);
    }
  } finally {
    await rm(own, { force: true });
  }
}

/** Makes the file of a generation. @returns false where somebody else has it, or a later one */
async function takeGeneration(folder: string, own: string, generation: number): Promise<boolean> {
  const path = join(folder, String(generation));
  try {
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  if ((await readGenerations(folder)).at(-1) !== generation) {
    await rm(path, { force: true });
    return false;
  }
  await removeOld(folder, generation - KEPT_GENERATIONS);
  return true;
}

/** The newest generation, and its owner while that holds the lock. */
async function readNewest(folder: string): Promise<{ generation: number; holder?: ProcessIdentity }> {
  const generation = (await readGenerations(folder)).at(-1) ?? 0;
  const text = await readFile(join(folder, String(generation)), "utf8").catch(() => "");
  const holder = parseHolder(text);
  return holder !== undefined && (await isRunning(holder)) ? { generation, holder } : { generation };
}

async function readGenerations(folder: string): Promise<number[]> {
  return (await readdir(folder))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Removes old generations, and what processes left that were killed while they waited. */
async function removeOld(folder: string, upTo: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (/^\d+$/.test(name) && Number(name) <= upTo) await rm(path, { force: true });
    if (!name.startsWith(".")) continue;
    const waiting = parseHolder(await readFile(path, "utf8").catch(() => ""));
    if (waiting !== undefined && !(await isRunning(waiting))) await rm(path, { force: true });
  }
}

function parseHolder(text: string): ProcessIdentity | undefined {
  try {
    return holderSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined; // Empty: let go of.
  }
}

/** Empties the file, so that the next owner need not ask whether this process lives. */
async function letGo(path: string): Promise<void> {
  await truncate(path, 0).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error; // Somebody removed the folder by hand.
  });
}
