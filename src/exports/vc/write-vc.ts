import { ProvenanceError } from "../../base/errors.ts";
import { toIsoTime } from "../describe.ts";
import type { FormSigner, FormWriter } from "../form.ts";
import { VC_FIELDS, nameIssuer, readFiles, toCredential } from "./credential.ts";

/** Writes and reads back a credential in JSON-LD. */
export const VC_WRITER: FormWriter = {
  fields: VC_FIELDS,
  write: async (model, { signer }) => {
    const credential = toCredential(model, signer && nameIssuer(signer).issuer);
    if (signer === undefined) return `${JSON.stringify(credential, null, 2)}\n`;
    assertEd25519(signer);
    const { signCredential } = await import("./data-integrity.ts");
    const { method } = nameIssuer(signer);
    const sign = (bytes: Uint8Array) => signer.sign(bytes, "raw");
    // No clock: the proof is of the time at which the record was made.
    const signed = await signCredential(credential, { method, sign, created: toIsoTime(model.record.mintedAt) });
    return `${JSON.stringify(signed, null, 2)}\n`;
  },
  readDigests: (bytes) => readFiles(JSON.parse(new TextDecoder().decode(bytes))),
};

function assertEd25519({ algorithm }: FormSigner): void {
  if (algorithm === "EdDSA") return;
  const text = `eddsa-rdfc-2022 takes an Ed25519 key, and this one signs ${algorithm}: export it as vc-jwt, or give another key.`;
  throw new ProvenanceError("OPTION_INVALID", text);
}
