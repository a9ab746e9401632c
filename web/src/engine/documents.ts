import { CLAIM_MAX_BYTES, type Claim, type LockFile, parseClaim, parseLockFile } from "model-provenance-nft/core";
import type { PickedFile } from "../adapters/picked-files.ts";
import type { KeptPolicy } from "../state/own-rules.ts";
import { type FoundBundle, readBundle } from "./bundles.ts";
import { bytesOf } from "./hash-model.ts";
import { readPolicyFile } from "./policy.ts";

/** Something about a model that was dropped without it. */
export type FoundDocument =
  | { readonly kind: "claim"; readonly claim: Claim }
  | { readonly kind: "policy"; readonly policy: KeptPolicy }
  | { readonly kind: "lock"; readonly lock: LockFile }
  | { readonly kind: "bundle"; readonly bundle: FoundBundle };

const LOCK_NAME = /\.lock\.json$/i;
const POLICY_NAME = /policy[^/]*\.(ya?ml|json)$/i;

/** Says what a file is that was dropped alone; undefined for a model. Errors as `parseLockFile` and `readPolicyFile` for what is called so. */
export async function readDocument(one: PickedFile): Promise<FoundDocument | undefined> {
  const { name, file } = one;
  if (LOCK_NAME.test(name)) return { kind: "lock", lock: parseLockFile(await bytesOf(one)) };
  if (POLICY_NAME.test(name)) return { kind: "policy", policy: await readPolicyFile(file) };
  if (/\.json$/i.test(name) && file.size <= CLAIM_MAX_BYTES) {
    const claim = parseClaim(await bytesOf(one));
    if (claim !== undefined) return { kind: "claim", claim };
  }
  const bundle = /\.(sig|json|sigstore)$/i.test(name) ? await readBundle(one) : undefined;
  return bundle && { kind: "bundle", bundle };
}
