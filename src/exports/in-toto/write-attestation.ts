import { fromBase64, toBase64, toUtf8 } from "../../base/bytes.ts";
import { IN_TOTO_PAYLOAD_TYPE, encodePreAuthentication } from "../../base/dsse.ts";
import type { FormSigner, FormWriter, StatedDigest } from "../form.ts";
import { IN_TOTO_FIELDS } from "./fields.ts";
import { toProvenance } from "./provenance.ts";
import { toFailedSummary } from "./summary.ts";

/** A signed statement: the payload is the statement's JSON in base64. */
interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  /** Empty where no key was given. */
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** A statement, as far as it is read back. */
interface Statement {
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
}

/**
 * Writes and reads back in-toto attestations: an envelope a line.
 *
 * @see https://github.com/in-toto/attestation/blob/main/spec/v1/bundle.md
 */
export const IN_TOTO_WRITER: FormWriter = {
  fields: IN_TOTO_FIELDS,
  write: (model, { signer }) => {
    const statements = [toProvenance(model), ...(model.status.word === "revoked" ? [toFailedSummary(model)] : [])];
    return statements.map((statement) => `${JSON.stringify(seal(statement, signer))}\n`).join("");
  },
  readDocument: (bytes) => Object.assign({}, ...readEnvelopes(bytes)) as unknown,
  readDigests: (bytes) => {
    const [provenance, ...others] = readEnvelopes(bytes).map(({ statement }) => readSubject(statement));
    const isSame = others.every((subject) => JSON.stringify(subject) === JSON.stringify(provenance));
    return isSame ? (provenance ?? []) : [];
  },
};

/** What is signed is DSSE's own encoding of the type and the payload. */
function seal(statement: object, signer: FormSigner | undefined): Envelope {
  const payload = toUtf8(JSON.stringify(statement));
  const sign = ({ keyId, sign: by }: FormSigner) => ({
    keyid: keyId,
    sig: toBase64(by(encodePreAuthentication(payload), "der")),
  });
  return {
    payload: toBase64(payload),
    payloadType: IN_TOTO_PAYLOAD_TYPE,
    signatures: signer === undefined ? [] : [sign(signer)],
  };
}

function readEnvelopes(bytes: Uint8Array) {
  const lines = new TextDecoder().decode(bytes).trimEnd().split("\n");
  return lines.map((line, i) => {
    const envelope = JSON.parse(line) as Envelope;
    const statement = JSON.parse(new TextDecoder().decode(fromBase64(envelope.payload))) as Statement;
    // Of a second statement the predicate has another name here, so that one document holds both.
    return { envelope, statement, ...(i === 0 ? statement : { summary: statement }) };
  });
}

function readSubject({ subject }: Statement): StatedDigest[] {
  return subject.map(({ name, digest }) => [name, digest.sha256]);
}
