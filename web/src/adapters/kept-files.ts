import { openTable } from "./indexed-table.ts";

/** What goes with a draft and is published with it: no file of a model is among them. */
export type DraftFile = "picture" | "bundle";

const KINDS: readonly DraftFile[] = ["picture", "bundle"];
const table = openTable<Uint8Array>("draft-files");
// Where the browser keeps nothing, they last until the page is closed.
const inMemory = new Map<string, Uint8Array>();

/** Keeps a file of a draft; undefined forgets it. */
export async function keepDraftFile(id: string, kind: DraftFile, bytes: Uint8Array | undefined): Promise<void> {
  const key = `${id}/${kind}`;
  if (bytes === undefined) inMemory.delete(key);
  else inMemory.set(key, bytes);
  await (bytes === undefined ? table.remove(key) : table.put(key, bytes)).catch(() => undefined);
}

/** A file of a draft; undefined where there is none. */
export async function findDraftFile(id: string, kind: DraftFile): Promise<Uint8Array | undefined> {
  const key = `${id}/${kind}`;
  const bytes = inMemory.get(key) ?? (await table.get(key).catch(() => undefined));
  if (bytes !== undefined) inMemory.set(key, bytes);
  return bytes;
}

/** Forgets all files of a draft. */
export async function dropDraftFiles(id: string): Promise<void> {
  for (const kind of KINDS) await keepDraftFile(id, kind, undefined);
}
