import { createHash, sign } from "node:crypto";
import { der, octets, sequence, utf8 } from "./der.ts";
import { TimestampAuthority } from "./timestamp-authority.ts";
import {
  type CertificateContent,
  type Party,
  extension,
  makeCertificate,
  makeParty,
  makeTbsCertificate,
  signCertificate,
} from "./x509.ts";

/** What a made-up Sigstore does otherwise than it should. */
export interface SigstoreFaults {
  /** Seconds by which the log says that the signature came after the certificate's start. */
  readonly logDelay?: number;
  readonly withoutCertificateTimestamp?: boolean;
  /** The log's signatures are somebody else's. */
  readonly forgedLog?: boolean;
  /** The log's tree has another root than the proof leads to. */
  readonly wrongProof?: boolean;
}

/** How somebody signs, where it is not as most do. */
export interface SigningHabits {
  /** P-256 unless given. */
  readonly curve?: "P-256" | "P-384" | "P-521";
  /** SHA-256 unless given. */
  readonly hash?: "sha256" | "sha384" | "sha512";
  /** Let the time come from the timestamp authority, so many seconds after the certificate's start, and not from the log. */
  readonly stampedAfter?: number;
  /** What is stamped, in place of the signature. */
  readonly stamped?: Buffer;
  /** Another authority than the trusted one. */
  readonly stampedBy?: TimestampAuthority;
}

const START = new Date("2026-01-01T00:00:00Z");
const SERIAL = Buffer.alloc(8, 1);
const SIGSTORE = "1.3.6.1.4.1.57264.1";
const TYPE = "application/vnd.in-toto+json";

/** A made-up Sigstore: authorities, a certificate log and a transparency log, all with their own keys. */
export class FakeSigstore {
  readonly #timestampAuthority = new TimestampAuthority(START);
  readonly #authority = makeParty("authority");
  readonly #certificateLog = makeParty("certificate log");
  readonly #log = makeParty("log");
  readonly #authorityCertificate = makeCertificate({
    subject: this.#authority,
    issuer: this.#authority,
    notBefore: START,
    notAfter: new Date("2036-01-01"),
    authority: true,
    keyUsage: ["keyCertSign"],
  });

  /** The trusted root as JSON. */
  get trustedRoot() {
    const validFor = { start: START.toISOString() };
    const logOf = (party: Party, baseUrl: string) => ({
      baseUrl,
      hashAlgorithm: "SHA2_256",
      publicKey: { rawBytes: spki(party).toString("base64"), keyDetails: "PKIX_ECDSA_P256_SHA_256", validFor },
      logId: { keyId: sha256(spki(party)).toString("base64") },
    });
    const certificates = [{ rawBytes: this.#authorityCertificate.toString("base64") }];
    return {
      mediaType: "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
      tlogs: [logOf(this.#log, "https://log.test")],
      ctlogs: [logOf(this.#certificateLog, "https://certificates.test")],
      certificateAuthorities: [
        {
          subject: { organization: "", commonName: "authority" },
          uri: "https://ca.test",
          certChain: { certificates },
          validFor,
        },
      ],
      timestampAuthorities: [this.#timestampAuthority.toJSON()],
    };
  }

  /** Signs a payload as somebody whom a provider vouches for. Returns the bundle as JSON. */
  sign(payload: Buffer, email: string, provider: string, faults: SigstoreFaults = {}, habits: SigningHabits = {}) {
    const signer = makeParty("", habits.curve);
    const certificate = this.#certify(signer, email, provider, faults);
    const encoded = Buffer.concat([Buffer.from(`DSSEv1 ${TYPE.length} ${TYPE} ${payload.length} `), payload]);
    const signature = sign(habits.hash ?? "sha256", encoded, signer.privateKey);
    const sig = signature.toString("base64");
    const entry = this.#enter(payload, sig, faults);
    const material =
      habits.stampedAfter === undefined ? { tlogEntries: [entry] } : this.#stamp(entry, signature, habits);
    return {
      mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
      verificationMaterial: { certificate: { rawBytes: certificate.toString("base64") }, ...material },
      dsseEnvelope: { payload: payload.toString("base64"), payloadType: TYPE, signatures: [{ sig }] },
    };
  }

  /** An entry of a log that tells no time, and a timestamp beside it. */
  #stamp<Entry extends { readonly inclusionPromise: unknown; readonly integratedTime: string }>(
    entry: Entry,
    signature: Buffer,
    habits: SigningHabits,
  ) {
    const { stampedBy = this.#timestampAuthority, stamped = signature, stampedAfter = 0 } = habits;
    const { inclusionPromise: _, integratedTime: __, ...timeless } = entry;
    const response = stampedBy.stamp(stamped, new Date(START.getTime() + stampedAfter * 1000));
    return {
      tlogEntries: [{ ...timeless, integratedTime: "0" }],
      timestampVerificationData: { rfc3161Timestamps: [{ signedTimestamp: response.toString("base64") }] },
    };
  }

  #certify(subject: Party, email: string, provider: string, faults: SigstoreFaults): Buffer {
    const extensions = [
      extension("2.5.29.17", sequence(der(0x81, Buffer.from(email))), true),
      extension(`${SIGSTORE}.1`, Buffer.from(provider)),
      extension(`${SIGSTORE}.8`, utf8(provider)),
    ];
    const content: CertificateContent = {
      subject,
      issuer: this.#authority,
      serial: SERIAL,
      notBefore: START,
      notAfter: new Date(START.getTime() + 600_000),
      keyUsage: ["digitalSignature"],
      codeSigning: true,
      extensions,
    };
    if (faults.withoutCertificateTimestamp) return makeCertificate(content);
    const timestamp = this.#stampCertificate(makeTbsCertificate(content));
    const stamped = { ...content, extensions: [...extensions, timestamp] };
    return signCertificate(makeTbsCertificate(stamped), this.#authority);
  }

  /** The extension in which a certificate log promises to list a certificate (RFC 6962, section 3). */
  #stampCertificate(tbs: Buffer): Buffer {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(BigInt(START.getTime()));
    const entry = [Buffer.from([0, 1]), sha256(spki(this.#authority)), withLength(3, tbs), Buffer.from([0, 0])];
    const signed = Buffer.concat([Buffer.from([0, 0]), time, ...entry]);
    const signature = sign("sha256", signed, this.#certificateLog.privateKey);
    const head = [Buffer.from([0]), sha256(spki(this.#certificateLog)), time, Buffer.from([0, 0, 4, 3])];
    const stamp = Buffer.concat([...head, withLength(2, signature)]);
    return extension("1.3.6.1.4.1.11129.2.4.2", octets(withLength(2, withLength(2, stamp))));
  }

  /** The log's entry for a signature: the second of two. */
  #enter(payload: Buffer, signature: string, { logDelay = 60, forgedLog, wrongProof }: SigstoreFaults) {
    const { privateKey } = forgedLog ? makeParty("forger") : this.#log;
    const spec = {
      payloadHash: { algorithm: "sha256", value: sha256(payload).toString("hex") },
      signatures: [{ signature, verifier: "" }],
    };
    const body = Buffer.from(JSON.stringify({ apiVersion: "0.0.1", kind: "dsse", spec }));
    const [first, second] = [sha256(Buffer.from([0])), sha256(Buffer.concat([Buffer.from([0]), body]))];
    const root = wrongProof ? first : sha256(Buffer.concat([Buffer.from([1]), first, second]));
    const logId = sha256(spki(this.#log));
    const integratedTime = START.getTime() / 1000 + logDelay;
    const promise = `{"body":"${body.toString("base64")}","integratedTime":${integratedTime},"logID":"${logId.toString("hex")}","logIndex":1}`;
    const note = `log.test\n2\n${root.toString("base64")}\n`;
    const noteSignature = Buffer.concat([logId.subarray(0, 4), sign("sha256", Buffer.from(note), privateKey)]);
    return {
      logIndex: "1",
      logId: { keyId: logId.toString("base64") },
      kindVersion: { kind: "dsse", version: "0.0.1" },
      integratedTime: String(integratedTime),
      inclusionPromise: { signedEntryTimestamp: sign("sha256", Buffer.from(promise), privateKey).toString("base64") },
      inclusionProof: {
        logIndex: "1",
        rootHash: root.toString("base64"),
        treeSize: "2",
        hashes: [first.toString("base64")],
        checkpoint: { envelope: `${note}\n\u2014 log.test ${noteSignature.toString("base64")}\n` },
      },
      canonicalizedBody: body.toString("base64"),
    };
  }
}

function spki({ publicKey }: Party): Buffer {
  return publicKey.export({ type: "spki", format: "der" });
}

function sha256(bytes: Buffer): Buffer {
  return createHash("sha256").update(bytes).digest();
}

function withLength(width: number, bytes: Buffer): Buffer {
  const length = Buffer.alloc(width);
  length.writeUIntBE(bytes.length, 0, width);
  return Buffer.concat([length, bytes]);
}
