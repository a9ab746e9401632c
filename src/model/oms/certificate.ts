import { X509Certificate } from "node:crypto";
import { ProvenanceError, type ProvenanceErrorCode } from "../../base/errors.ts";
import { type DerElement, readDer } from "./der.ts";
import { hashOfKey } from "./ec-key.ts";

/** The extensions of a certificate that decide what it may be used for, as far as node:crypto does not tell. */
export interface CertificateExtensions {
  /** Undefined where the certificate does not restrict the use of its key. */
  readonly digitalSignature: boolean | undefined;
  /** How many authorities may stand between this one and the signer; undefined: any number. */
  readonly pathLength: number | undefined;
  /** It limits the names that certificates below it may have. */
  readonly hasNameConstraints: boolean;
  /** OIDs, as hex of their DER, of critical extensions that nobody here checks. */
  readonly unknownCritical: readonly string[];
}

const PEM_CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const CODE_SIGNING = "1.3.6.1.5.5.7.3.3";
const [KEY_USAGE, BASIC_CONSTRAINTS, NAME_CONSTRAINTS] = ["551d0f", "551d13", "551d1e"];
// Also the names, the policies, the extended use of the key and the identifiers of keys.
const KNOWN_CRITICAL = new Set([KEY_USAGE, BASIC_CONSTRAINTS, "551d11", "551d20", "551d25", "551d0e", "551d23"]);
const [TAG_BOOLEAN, TAG_INTEGER, TAG_EXTENSIONS] = [0x01, 0x02, 0xa3];

/**
 * Reads all certificates of PEM texts.
 *
 * @throws {ProvenanceError} `OPTION_INVALID` if a text holds none, or one that is broken
 */
export function readCertificates(pems: readonly string[], what: string): X509Certificate[] {
  return pems.flatMap((pem) => {
    const blocks = pem.match(PEM_CERTIFICATE);
    if (blocks === null) throw new ProvenanceError("OPTION_INVALID", `The ${what} holds no PEM certificate.`);
    return blocks.map((block) => {
      try {
        return new X509Certificate(block);
      } catch (cause) {
        throw new ProvenanceError("OPTION_INVALID", `The ${what} cannot be read (${(cause as Error).message}).`, {
          cause,
        });
      }
    });
  });
}

/**
 * Checks that a certificate may sign models at a time: it is valid then, its key lies on a curve of OMS, and its
 * use of the key covers digital signatures, else its extended use covers code signing.
 *
 * @throws {ProvenanceError} with the code given
 * @see OMS specification v1.0, section 8.2
 */
export function assertSigningCertificate(certificate: X509Certificate, at: Date, code: ProvenanceErrorCode): void {
  const fault = findValidityFault(certificate, at) ?? findUsageFault(certificate);
  if (fault !== undefined) {
    throw new ProvenanceError(code, `The signing certificate (${describeCertificate(certificate)}) ${fault}.`);
  }
}

/** Says how a certificate is not valid at a time, undefined if it is. */
export function findValidityFault(certificate: X509Certificate, at: Date): string | undefined {
  if (certificate.validFromDate > at) return `is not valid before ${certificate.validFromDate.toISOString()}`;
  if (certificate.validToDate < at) return `expired at ${certificate.validToDate.toISOString()}`;
  return undefined;
}

/** Names a certificate for people. */
export function describeCertificate({ subject, serialNumber }: X509Certificate): string {
  return subject ? subject.replaceAll("\n", ", ") : `serial number ${serialNumber}`;
}

/**
 * Reads the extensions of a certificate.
 *
 * @throws {RangeError} if its DER is broken
 */
export function readExtensions(certificate: X509Certificate): CertificateExtensions {
  let digitalSignature: boolean | undefined;
  let pathLength: number | undefined;
  let hasNameConstraints = false;
  const unknownCritical: string[] = [];
  for (const { oid, critical, value } of listExtensions(certificate.raw)) {
    // The content of a bit string starts with the number of unused bits; the first bit is digitalSignature.
    if (oid === KEY_USAGE) digitalSignature = ((readDer(value)[0]?.content[1] ?? 0) & 0x80) !== 0;
    else if (oid === BASIC_CONSTRAINTS) pathLength = readPathLength(value);
    else if (oid === NAME_CONSTRAINTS) hasNameConstraints = true;
    else if (critical && !KNOWN_CRITICAL.has(oid)) unknownCritical.push(oid);
  }
  return { digitalSignature, pathLength, hasNameConstraints, unknownCritical };
}

function findUsageFault(certificate: X509Certificate): string | undefined {
  if (hashOfKey(certificate.publicKey) === undefined) return "holds a key that is not on P-256, P-384 or P-521";
  const { digitalSignature, unknownCritical } = readExtensions(certificate);
  if (unknownCritical.length > 0) return `has critical extensions that are not understood (${unknownCritical.join()})`;
  // The purposes are typed as always there; a certificate without the extension has none.
  const purposes = certificate.keyUsage as string[] | undefined;
  if (digitalSignature || purposes?.includes(CODE_SIGNING)) return undefined;
  return "may not be used for signing: neither digital signatures nor code signing are among its uses";
}

function listExtensions(certificate: Buffer): { oid: string; critical: boolean; value: Buffer }[] {
  const fields = childrenOf(childrenOf(readDer(certificate)[0])[0]);
  const extensions = fields.find(({ tag }) => tag === TAG_EXTENSIONS);
  return childrenOf(childrenOf(extensions)[0]).map((extension) => {
    const parts = childrenOf(extension);
    const critical = parts[1]?.tag === TAG_BOOLEAN && parts[1].content[0] !== 0;
    return { oid: parts[0]?.content.toString("hex") ?? "", critical, value: parts.at(-1)?.content ?? Buffer.alloc(0) };
  });
}

function readPathLength(value: Buffer): number | undefined {
  const length = childrenOf(readDer(value)[0]).find(({ tag }) => tag === TAG_INTEGER);
  return length && Number(`0x${length.content.toString("hex") || "0"}`);
}

function childrenOf(element: DerElement | undefined): DerElement[] {
  return element === undefined ? [] : readDer(element.content);
}
