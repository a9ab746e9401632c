import { X509Certificate } from "node:crypto";
import { ProvenanceError } from "../../base/errors.ts";
import { assertSigningCertificate, describeCertificate, findValidityFault, readExtensions } from "./certificate.ts";

// A forged bundle chooses its certificates: without a bound, many of one name would make n! paths.
const MAX_STEPS = 1000;

/**
 * Verifies that a bundle's signing certificate leads to a trusted root: every certificate on the way is valid at
 * the time given, is issued and signed by the next, and all above the first are authorities for signing certificates.
 *
 * @param certificates - DER, the signer's first, the others in any order
 * @param trusted - self-signed certificates are roots; others only help to build the way
 * @returns the signer's certificate
 * @throws {ProvenanceError} `OMS_CERTIFICATE_INVALID`
 * @see OMS specification v1.0, section 8.2
 */
export function verifyCertificateChain(
  certificates: readonly Buffer[],
  trusted: readonly X509Certificate[],
  at: Date,
): X509Certificate {
  try {
    const [leaf, ...others] = certificates.map((der) => new X509Certificate(der)) as [X509Certificate];
    assertSigningCertificate(leaf, at, "OMS_CERTIFICATE_INVALID");
    const fault = new PathFinder([...others, ...trusted], trusted, at).findFault(leaf);
    if (fault === undefined) return leaf;
    throw invalidCertificate(
      `No way leads from the signing certificate (${describeCertificate(leaf)}) to a trusted root: ${fault}.`,
    );
  } catch (cause) {
    if (cause instanceof ProvenanceError) throw cause;
    throw invalidCertificate(`A certificate in the bundle cannot be read (${(cause as Error).message}).`, cause);
  }
}

class PathFinder {
  readonly #pool: readonly X509Certificate[];
  readonly #roots: ReadonlySet<string>;
  readonly #at: Date;
  #steps = 0;
  #fault: string | undefined;

  constructor(pool: readonly X509Certificate[], trusted: readonly X509Certificate[], at: Date) {
    this.#pool = [...new Map(pool.map((certificate) => [certificate.fingerprint256, certificate])).values()];
    this.#roots = new Set(trusted.filter(isSelfSigned).map(({ fingerprint256 }) => fingerprint256));
    this.#at = at;
  }

  /** The first thing that barred the way to a root; undefined if there is a way. */
  findFault(leaf: X509Certificate): string | undefined {
    if (this.#reachesRoot([leaf])) return undefined;
    return this.#fault ?? `nobody knows the issuer of ${describeCertificate(leaf)}`;
  }

  #reachesRoot(path: readonly X509Certificate[]): boolean {
    const last = path.at(-1) as X509Certificate;
    if (this.#roots.has(last.fingerprint256)) return true;
    if (++this.#steps > MAX_STEPS) {
      this.#fault ??= "the bundle's certificates make too many ways";
      return false;
    }
    for (const issuer of this.#pool) {
      if (path.some(({ fingerprint256 }) => fingerprint256 === issuer.fingerprint256)) continue;
      if (!last.checkIssued(issuer) || !last.verify(issuer.publicKey)) continue;
      const fault = this.#findIssuerFault(issuer, path);
      if (fault === undefined && this.#reachesRoot([...path, issuer])) return true;
      if (fault !== undefined) this.#fault ??= `${describeCertificate(issuer)} ${fault}`;
    }
    if (path.length > 1) this.#fault ??= `${describeCertificate(last)} is not trusted, nor is its issuer`;
    return false;
  }

  #findIssuerFault(issuer: X509Certificate, path: readonly X509Certificate[]): string | undefined {
    // True where the basic constraints make it an authority and the use of its key covers signing certificates.
    if (!issuer.ca) return "is no authority that may sign certificates";
    const { pathLength, unknownCritical, hasNameConstraints } = readExtensions(issuer);
    // Other clients obey them, critical or not; to pass over them would accept what the authority may not sign.
    if (hasNameConstraints) return "limits the names that it may certify, which is not checked here";
    if (unknownCritical.length > 0)
      return `has critical extensions that are not understood (${unknownCritical.join()})`;
    if (pathLength !== undefined && path.length - 1 > pathLength) return `allows ${pathLength} authorities below it`;
    return findValidityFault(issuer, this.#at);
  }
}

function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.subject === certificate.issuer && certificate.verify(certificate.publicKey);
}

function invalidCertificate(message: string, cause?: unknown): ProvenanceError {
  return new ProvenanceError("OMS_CERTIFICATE_INVALID", message, { cause });
}
