import { signal } from "@preact/signals";
import type { Picked } from "../../adapters/picked-files.ts";
import { goTo } from "../../router.ts";
import { keyOf, parseRegistry } from "../../state/registry-setting.ts";
import { change, settings } from "../../state/settings.ts";
import { STRINGS } from "../../strings.ts";
import { heldLock, reset } from "./session.ts";

const TEXT = STRINGS.lookUp;

/** What is to be looked up next; typed, or found in what was dropped. */
export const wanted = signal("");

/**
 * Opens a policy, a claim, a lock or an OMS bundle that was dropped alone.
 *
 * @returns false for everything else, which is a model
 */
export async function openDocument(picked: Picked): Promise<boolean> {
  const [only] = picked.files;
  if (picked.kind !== "file" || only === undefined) return false;
  const { readDocument } = await import("../../engine/documents.ts");
  const found = await readDocument(only);
  if (found === undefined) return false;
  if (found.kind === "policy") {
    change({ policy: found.policy });
    reset(TEXT.document.policy);
  } else if (found.kind === "lock") {
    heldLock.value = found.lock;
    reset(TEXT.document.lock);
  } else if (found.kind === "bundle") {
    const { bundle } = found;
    const { rootDigest } = bundle.examined?.facts ?? {};
    if (rootDigest !== undefined) wanted.value = rootDigest;
    reset(rootDigest === undefined ? TEXT.document.noRoot : TEXT.document.bundle, bundle);
  } else {
    const { registry, tokenId } = found.claim;
    const named = parseRegistry(registry, "", "you");
    const isKnown = settings.value.registries.some((one) => named !== undefined && keyOf(one) === keyOf(named));
    reset(isKnown ? TEXT.document.claim : `${TEXT.document.claim} ${TEXT.otherRegistry(registry)}`);
    if (isKnown) goTo(`/${registry}/${tokenId}`);
  }
  return true;
}
