import {
  CLAIM_MAX_BYTES,
  type Claim,
  type LockFile,
  OMS_BUNDLE_MAX_BYTES,
  isOmsBundleContent,
  parseClaim,
  parseLockFile,
} from "model-provenance-nft/core";
import type { PickedFile } from "../adapters/picked-files.ts";
import type { KeptPolicy } from "../state/own-rules.ts";
import { bytesOf } from "./hash-model.ts";
import { readPolicyFile } from "./policy.ts";

/** Something about a model that was dropped without it. */
export type FoundDocument =
  | { readonly kind: "claim"; readonly claim: Claim }
  | { readonly kind: "policy"; readonly policy: KeptPolicy }
  | { readonly kind: "lock"; readonly lock: LockFile }
  /** The digest that a bundle states, 64 hex digits: its signature is not checked. */
  | { readonly kind: "bundle"; readonly digest: string };

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
  if (!/\.(sig|json|sigstore)$/i.test(name) || file.size > OMS_BUNDLE_MAX_BYTES) return undefined;
  const bytes = await bytesOf(one);
  const digest = isOmsBundleContent(bytes) ? subjectOf(bytes) : undefined;
  return digest === undefined ? undefined : { kind: "bundle", digest };
}

/** The digest of the model that a bundle is about, as it says. */
function subjectOf(bytes: Uint8Array): string | undefined {
  try {
    const { dsseEnvelope } = JSON.parse(new TextDecoder().decode(bytes)) as { dsseEnvelope: { payload: string } };
    const payload = Uint8Array.from(atob(dsseEnvelope.payload), (letter) => letter.charCodeAt(0));
    const statement = JSON.parse(new TextDecoder().decode(payload)) as { subject: { digest: { sha256: unknown } }[] };
    const digest = statement.subject.length === 1 ? statement.subject[0]?.digest.sha256 : undefined;
    return typeof digest === "string" && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}
