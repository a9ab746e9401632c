import { base64url } from "multiformats/bases/base64";
import { toUtf8 } from "../../base/bytes.ts";
import { ProvenanceError } from "../../base/errors.ts";
import type { FormWriter } from "../form.ts";
import { VC_FIELDS, nameIssuer, readFiles, toCredential } from "./credential.ts";

/**
 * Writes and reads back a credential as a signed token.
 *
 * @see https://www.w3.org/TR/vc-jose-cose/ section 3.1.1
 */
export const VC_JWT_WRITER: FormWriter = {
  fields: VC_FIELDS,
  write: (model, { signer }) => {
    if (signer?.algorithm !== "ES256") {
      const text = `A vc-jwt takes a P-256 key, and this one signs ${signer?.algorithm ?? "nothing"}.`;
      throw new ProvenanceError("OPTION_INVALID", text);
    }
    const { issuer, method } = nameIssuer(signer);
    const header = { alg: "ES256", typ: "vc+jwt", cty: "vc", kid: method, iss: issuer };
    const body = [header, toCredential(model, issuer)].map((part) => encode(toUtf8(JSON.stringify(part)))).join(".");
    return `${body}.${encode(signer.sign(toUtf8(body), "raw"))}\n`;
  },
  readDocument,
  readDigests: (bytes) => readFiles(readDocument(bytes)),
};

function readDocument(bytes: Uint8Array): unknown {
  const [, payload = ""] = new TextDecoder().decode(bytes).split(".");
  return JSON.parse(new TextDecoder().decode(base64url.decode(`u${payload}`)));
}

function encode(bytes: Uint8Array): string {
  return base64url.encode(bytes).slice(1);
}
