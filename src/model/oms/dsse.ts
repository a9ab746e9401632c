import { type KeyObject, verify } from "node:crypto";
import { signedForms } from "./signed-forms.ts";

/**
 * Tells whether a DER signature over a payload is the key's, in today's or in the legacy encoding.
 *
 * @param hash - the hash of today's encoding; `legacyHash` that of the other
 */
export function isSignedBy(
  key: KeyObject,
  payload: Uint8Array,
  signature: Uint8Array,
  hash: string,
  legacyHash: string,
): boolean {
  for (const form of signedForms(payload, hash, legacyHash)) {
    if (verify(form.hash, form.bytes, key, signature)) return true;
  }
  return false;
}
