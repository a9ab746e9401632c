import { signal } from "@preact/signals";
import { type Draft, dropDraft, findDraft, keepDraft } from "../../adapters/kept-drafts.ts";
import { keepDraftFile } from "../../adapters/kept-files.ts";
import type { Picked } from "../../adapters/picked-files.ts";
import type { ListedModel } from "../../engine/hash-model.ts";
import type { FormValues } from "../../engine/publish/form.ts";
import type { ReadModel } from "../../engine/publish/read-picked.ts";
import { goTo } from "../../router.ts";
import { STRINGS } from "../../strings.ts";

/** What the files are to be a new version of. */
export interface Predecessor {
  /** CAIP-10 of its registry. */
  readonly registry: string;
  readonly tokenId: string;
}

/** How far the publishing is. */
export type Stage =
  | { readonly kind: "idle"; readonly note?: string }
  | { readonly kind: "listing" }
  | {
      readonly kind: "hashing";
      readonly listed: ListedModel;
      readonly total: number;
      readonly done: number;
      readonly seconds: number;
    }
  | { readonly kind: "draft"; readonly draft: Draft }
  | { readonly kind: "failed"; readonly message: string };

/** How far it is; it stays when another screen is looked at. */
export const stage = signal<Stage>({ kind: "idle" });

/** What is left out, and computed besides, of what is picked next. */
export const hashing = signal<HashingChoice>({ ignorePaths: "", withCid: false, withBundle: true });

/** How files are hashed. */
export interface HashingChoice {
  /** Paths to leave out, one a line or behind commas. */
  readonly ignorePaths: string;
  /** Whether the CID of the model is recorded. */
  readonly withCid: boolean;
  /** Whether the OMS bundle of the folder is. */
  readonly withBundle: boolean;
}

/** Whether all that was typed is written down. */
export const isKept = signal(true);

let running: AbortController | undefined;
let changes = 0;
const REFRESH_MS = 100;

/** Hashes and reads what was picked. What ran before is stopped. */
export async function begin(picked: Picked, registry: string, predecessor?: Predecessor): Promise<void> {
  running?.abort();
  const run = new AbortController();
  running = run;
  const show = (next: Stage) => {
    if (!run.signal.aborted) stage.value = next;
  };
  show({ kind: "listing" });
  try {
    const { listModel } = await import("../../engine/hash-model.ts");
    const { fillForm } = await import("../../engine/publish/form.ts");
    const { readPicked } = await import("../../engine/publish/read-picked.ts");
    const { withCid, withBundle, ignorePaths } = hashing.peek();
    const listed = await listModel(picked, ignorePaths.split(/[\n,]/).map((path) => path.trim()).filter(Boolean)); // prettier-ignore
    const total = listed.files.reduce((sum, { file }) => sum + file.size, 0);
    const byName = new Map(picked.files.map((file) => [file.name, file]));
    const start = performance.now();
    let [done, shown] = [0, 0];
    show({ kind: "hashing", listed, total, done, seconds: 0 });
    const { read, bundle } = await readPicked(listed, (name) => byName.get(name), {
      signal: run.signal,
      withCid,
      withBundle,
      onBytes: (bytes) => {
        done += bytes;
        const now = performance.now();
        if (now - shown < REFRESH_MS) return;
        shown = now;
        show({ kind: "hashing", listed, total, done, seconds: (now - start) / 1000 });
      },
    });
    if (run.signal.aborted) return;
    const id = read.model.modelDigest;
    const kept = await findDraft(id);
    const place = predecessor?.registry ?? registry;
    if (kept !== undefined && staysAsItIs(kept, place, read)) return openDraft(kept);
    await keepDraftFile(id, "bundle", bundle);
    const form = { ...fillForm(read), ...kept?.form, ...(predecessor && follow(predecessor)) };
    openDraft({ id, savedAt: 0, registry: place, read, form, ...(kept?.picture && { picture: kept.picture }) });
  } catch (error) {
    show({ kind: "failed", message: (error as Error).message });
  }
}

/** What is signed stays, unless it is recorded and meant for another registry now, or nothing left and more, or less, is wanted. */
function staysAsItIs({ signed, pinned, done, registry, read }: Draft, place: string, now: ReadModel): boolean {
  if (signed === undefined) return false;
  if (done !== undefined) return registry === place;
  const isSame = read.model.cid === now.model.cid && read.oms?.bundleCid === now.oms?.bundleCid;
  return pinned !== undefined || isSame;
}

function follow({ tokenId }: Predecessor): Pick<FormValues, "parents" | "relation" | "version"> {
  return { parents: tokenId, relation: "version", version: "" };
}

/** Goes on with a draft; the address names it, so that it is found again. */
export function openDraft(draft: Draft): void {
  running?.abort();
  stage.value = { kind: "draft", draft };
  void keepDraft(draft);
  goTo(`/publish?draft=${draft.id}`);
}

/** Changes the draft that is open, and keeps it. */
export async function changeDraft(change: { readonly [Key in keyof Draft]?: Draft[Key] | undefined }): Promise<void> {
  const now = stage.peek();
  if (now.kind !== "draft") return;
  const kept = Object.entries({ ...now.draft, ...change }).filter(([, value]) => value !== undefined);
  const draft = Object.fromEntries(kept) as unknown as Draft;
  stage.value = { kind: "draft", draft };
  isKept.value = false;
  const turn = ++changes;
  await keepDraft(draft);
  if (turn === changes) isKept.value = true;
}

/** Puts a draft aside: it is found again. */
export function leaveDraft(): void {
  reset();
}

/** Forgets a draft. */
export async function discardDraft(id: string): Promise<void> {
  await dropDraft(id);
  reset();
}

/** Stops what runs. */
export function cancel(): void {
  reset(STRINGS.publish.cancelled);
}

/** Begins anew. */
export function reset(note?: string): void {
  running?.abort();
  stage.value = { kind: "idle", ...(note !== undefined && { note }) };
  goTo("/publish");
}
