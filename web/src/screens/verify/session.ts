import { signal } from "@preact/signals";
import type { LockFile, VerifyReport } from "model-provenance-nft/core";
import type { Picked } from "../../adapters/picked-files.ts";
import type { FoundBundle } from "../../engine/bundles.ts";
import type { Prepared } from "../../engine/verify.ts";
import type { KeptPolicy } from "../../state/own-rules.ts";
import { settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";

/** How far the check is. */
export type Stage =
  | { readonly kind: "idle"; readonly note?: string; readonly bundle?: FoundBundle }
  | { readonly kind: "listing" }
  | { readonly kind: "hashing"; readonly prepared: Prepared; readonly done: number; readonly seconds: number }
  | { readonly kind: "asking"; readonly prepared: Prepared }
  | {
      readonly kind: "verdict";
      readonly prepared: Prepared;
      readonly report: VerifyReport;
      readonly bundles: readonly FoundBundle[];
      readonly policy: KeptPolicy | undefined;
    }
  | { readonly kind: "failed"; readonly message: string };

/** How far the check is; it stays when another screen is looked at. */
export const stage = signal<Stage>({ kind: "idle" });

/** A lock that was dropped alone: the next model is compared with it. */
export const heldLock = signal<LockFile | undefined>(undefined);

let running: AbortController | undefined;
const REFRESH_MS = 100;

/** Checks what was picked. What ran before is stopped. */
export async function check(picked: Picked, tokenId?: bigint): Promise<void> {
  running?.abort();
  const run = new AbortController();
  running = run;
  const show = (next: Stage) => {
    if (!run.signal.aborted) stage.value = next;
  };
  show({ kind: "listing" });
  try {
    const { prepare, verifyPrepared } = await import("../../engine/verify.ts");
    const prepared = await prepare(picked, heldLock.value);
    const { policy } = settings.value;
    const start = performance.now();
    let [done, shown] = [0, 0];
    show({ kind: "hashing", prepared, done, seconds: 0 });
    const { report, bundles } = await verifyPrepared(prepared, {
      signal: run.signal,
      ...(tokenId !== undefined && { tokenId }),
      onBytes: (bytes) => {
        done += bytes;
        const now = performance.now();
        if (now - shown < REFRESH_MS) return;
        shown = now;
        show({ kind: "hashing", prepared, done, seconds: (now - start) / 1000 });
      },
      onHashed: () => show({ kind: "asking", prepared }),
    });
    show({ kind: "verdict", prepared, report, bundles, policy });
  } catch (error) {
    show({ kind: "failed", message: (error as Error).message });
  }
}

/** Stops what runs. */
export function cancel(): void {
  running?.abort();
  stage.value = { kind: "idle", note: STRINGS.verify.cancelled };
}

/** Begins anew. */
export function reset(note?: string, bundle?: FoundBundle): void {
  running?.abort();
  stage.value = { kind: "idle", ...(note !== undefined && { note }), ...(bundle !== undefined && { bundle }) };
}
