import { createHash, sign } from "node:crypto";
import { der, generalizedTime, octets, oid, sequence, smallInteger } from "./der.ts";
import { type Party, makeCertificate, makeParty, nameOf } from "./x509.ts";

const SHA256 = sequence(oid("2.16.840.1.101.3.4.2.1"));
const [SIGNED_DATA, TST_INFO] = [oid("1.2.840.113549.1.7.2"), oid("1.2.840.113549.1.9.16.1.4")];
const [CONTENT_TYPE, MESSAGE_DIGEST] = [oid("1.2.840.113549.1.9.3"), oid("1.2.840.113549.1.9.4")];
const ECDSA_WITH_SHA256 = sequence(oid("1.2.840.10045.4.3.2"));
const SERIAL = Buffer.alloc(8, 2);

/** A made-up authority that states when it saw something (RFC 3161), with a root above it. */
export class TimestampAuthority {
  readonly #root = makeParty("timestamp root");
  readonly #signer = makeParty("timestamps");
  readonly #from: Date;

  constructor(from: Date) {
    this.#from = from;
  }

  /** As a trusted root names it. */
  toJSON() {
    const validity = { notBefore: this.#from, notAfter: new Date("2036-01-01") };
    const root = { issuer: this.#root, ...validity };
    const certificates = [
      makeCertificate({ ...root, subject: this.#signer, serial: SERIAL, keyUsage: ["digitalSignature"] }),
      makeCertificate({ ...root, subject: this.#root, authority: true, keyUsage: ["keyCertSign"] }),
    ];
    return {
      subject: { organization: "", commonName: "timestamps" },
      uri: "https://time.test",
      certChain: { certificates: certificates.map((certificate) => ({ rawBytes: certificate.toString("base64") })) },
      validFor: { start: this.#from.toISOString() },
    };
  }

  /** States that some bytes were there at a time. Returns the response as an authority sends it, in DER. */
  stamp(bytes: Buffer, at: Date): Buffer {
    return sequence(sequence(smallInteger(0)), signData(makeStatement(bytes, at), this.#root, this.#signer));
  }
}

/** RFC 3161, section 2.4.2: TSTInfo. */
function makeStatement(bytes: Buffer, at: Date): Buffer {
  const imprint = sequence(SHA256, octets(createHash("sha256").update(bytes).digest()));
  return sequence(smallInteger(1), oid("1.3.6.1.4.1.57264.2"), imprint, smallInteger(7), generalizedTime(at));
}

/** RFC 5652, section 5: SignedData with one signer. */
function signData(statement: Buffer, issuer: Party, signer: Party): Buffer {
  const digest = createHash("sha256").update(statement).digest();
  const attributes = [sequence(CONTENT_TYPE, der(0x31, TST_INFO)), sequence(MESSAGE_DIGEST, der(0x31, octets(digest)))];
  // Signed as a set, and carried with a tag of its own.
  const signature = sign("sha256", der(0x31, ...attributes), signer.privateKey);
  const identifier = sequence(nameOf(issuer), der(0x02, Buffer.from([1]), SERIAL));
  const info = sequence(
    smallInteger(1),
    identifier,
    SHA256,
    der(0xa0, ...attributes),
    ECDSA_WITH_SHA256,
    octets(signature),
  );
  const content = sequence(TST_INFO, der(0xa0, octets(statement)));
  const data = sequence(smallInteger(3), der(0x31, SHA256), content, der(0x31, info));
  return sequence(SIGNED_DATA, der(0xa0, data));
}
