import type { FormValues } from "../engine/publish/form.ts";
import type { ReadModel } from "../engine/publish/read-picked.ts";
import { type IndexedTable, openTable } from "./indexed-table.ts";
import { dropDraftFiles } from "./kept-files.ts";

/** A file to be pinned, as it is kept. */
export interface KeptFile {
  /** A CID as text. */
  readonly root: string;
  /** The blocks link content that is not among them. */
  readonly linksOnly?: true;
  readonly blocks: readonly { readonly cid: string; readonly bytes: Uint8Array }[];
}

/** What an account signed, and all that has to be pinned of it. */
export interface SignedDraft {
  readonly account: string;
  /** The exact metadata JSON. */
  readonly metadata: string;
  readonly metadataDigest: `0x${string}`;
  readonly attachments: readonly KeptFile[];
}

/** A model on its way into a registry, as far as it came: no key, and no byte of its files. */
export interface Draft {
  /** The model's digest. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly savedAt: number;
  /** CAIP-10 of the registry. */
  readonly registry: string;
  readonly read: ReadModel;
  readonly form: FormValues;
  /** A picture of its own; its bytes lie beside. */
  readonly picture?: { readonly name: string; readonly size: number };
  readonly signed?: SignedDraft;
  readonly pinned?: { readonly place: "kubo" | "pinata" | "car"; readonly where: string };
  /** Hash of the transaction that was sent. */
  readonly sent?: string;
  readonly done?: { readonly uri: string; readonly transaction?: string };
}

const table: IndexedTable<Draft> = openTable<Draft>("drafts");
let writing: Promise<unknown> = Promise.resolve();

/** Keeps a draft. Where the browser keeps nothing, it lasts until the page is closed. */
export async function keepDraft(draft: Draft): Promise<void> {
  await inTurn(async () => table.put(draft.id, { ...draft, savedAt: Date.now() }));
}

/** Forgets a draft. */
export async function dropDraft(id: string): Promise<void> {
  await inTurn(async () => table.remove(id));
  await dropDraftFiles(id);
}

/** All drafts that were kept, the newest first. */
export async function listDrafts(): Promise<readonly Draft[]> {
  const found = await table.list().catch(() => []);
  return found.toSorted((a, b) => b.savedAt - a.savedAt);
}

/** One draft; undefined where there is none. */
export async function findDraft(id: string): Promise<Draft | undefined> {
  return table.get(id).catch(() => undefined);
}

/** One write after the other: the last word counts. */
async function inTurn(write: () => Promise<void>): Promise<void> {
  writing = writing.then(write).catch(() => undefined);
  await writing;
}
