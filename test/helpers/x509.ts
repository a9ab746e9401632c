import { type KeyObject, generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { der, octets, oid, sequence, smallInteger, utcTime, utf8 } from "./der.ts";

/** A key pair and the name under which it appears in certificates. */
export interface Party {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** What is to stand in a certificate. */
export interface CertificateContent {
  readonly subject: Party;
  readonly issuer: Party;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Undefined: no basic constraints at all. */
  readonly authority?: boolean;
  readonly pathLength?: number;
  /** Undefined: no such extension. */
  readonly keyUsage?: readonly ("digitalSignature" | "keyCertSign")[];
  readonly codeSigning?: boolean;
  /** Eight bytes; random unless given. */
  readonly serial?: Buffer;
  /** Whole extensions, in DER. */
  readonly extensions?: readonly Buffer[];
}

const ECDSA_WITH = { sha256: "1.2.840.10045.4.3.2" };
const KEY_USAGE_BITS = { digitalSignature: 0x80, keyCertSign: 0x04 };

/** Makes a party with a new EC key. */
export function makeParty(name: string, namedCurve = "P-256"): Party {
  return { name, ...generateKeyPairSync("ec", { namedCurve }) };
}

/** Makes a certificate, signed with ECDSA and SHA-256. Returns DER. */
export function makeCertificate(content: CertificateContent): Buffer {
  return signCertificate(makeTbsCertificate(content), content.issuer);
}

/** Makes the part of a certificate that is signed. */
export function makeTbsCertificate(content: CertificateContent): Buffer {
  const { subject, issuer, notBefore, notAfter, serial = randomBytes(8) } = content;
  return sequence(
    der(0xa0, smallInteger(2)),
    der(0x02, Buffer.from([1]), serial),
    sequence(oid(ECDSA_WITH.sha256)),
    nameOf(issuer),
    sequence(utcTime(notBefore), utcTime(notAfter)),
    nameOf(subject),
    subject.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...extensionsOf(content))),
  );
}

/** Signs the part made by {@link makeTbsCertificate}. */
export function signCertificate(tbs: Buffer, issuer: Party): Buffer {
  const signature = sign("sha256", tbs, issuer.privateKey);
  return sequence(tbs, sequence(oid(ECDSA_WITH.sha256)), der(0x03, Buffer.from([0]), signature));
}

/** Makes an extension of a certificate. */
export function extension(id: string, value: Buffer, critical = false): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(oid(id), ...flag, octets(value));
}

/** Writes DER of a certificate as PEM. */
export function toPem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** Writes the name of a party as certificates do. */
export function nameOf({ name }: Party): Buffer {
  return sequence(der(0x31, sequence(oid("2.5.4.3"), utf8(name))));
}

function extensionsOf({ authority, pathLength, keyUsage, codeSigning, extensions = [] }: CertificateContent): Buffer[] {
  const made: Buffer[] = [];
  if (authority !== undefined) {
    const flag = authority ? [der(0x01, Buffer.from([0xff]))] : [];
    const length = pathLength === undefined ? [] : [smallInteger(pathLength)];
    made.push(extension("2.5.29.19", sequence(...flag, ...length), true));
  }
  if (keyUsage) {
    const bits = keyUsage.reduce((sum, use) => sum | KEY_USAGE_BITS[use], 0);
    made.push(extension("2.5.29.15", der(0x03, Buffer.from([0, bits])), true));
  }
  if (codeSigning) made.push(extension("2.5.29.37", sequence(oid("1.3.6.1.5.5.7.3.3"))));
  return [...made, ...extensions];
}
