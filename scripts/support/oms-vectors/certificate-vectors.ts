import {
  type CertificateContent,
  type Party,
  extension,
  makeCertificate,
  makeParty,
  toPem,
} from "../../../test/helpers/x509.ts";
import { FILES, type OmsVector, bundleOf, resourcesOf, statementOf } from "./vector.ts";

const [root, middle, lower, stranger] = ["root", "middle", "lower", "stranger"].map((name) => makeParty(name)) as [
  Party,
  Party,
  Party,
  Party,
];
const signer = makeParty("signer", "P-384");
const NOW = "2026-06-01T00:00:00Z";
const years = (from: number, to: number) => ({
  notBefore: new Date(`${from}-01-01`),
  notAfter: new Date(`${to}-01-01`),
});
const certify = (subject: Party, issuer: Party, more: Partial<CertificateContent> = {}) =>
  makeCertificate({ subject, issuer, ...years(2025, 2035), ...more });
const authority = { authority: true, keyUsage: ["keyCertSign"] } as const;
const signing = { keyUsage: ["digitalSignature"], codeSigning: true } as const;

const trusted = certify(root, root, authority);
const intermediate = certify(middle, root, authority);
const leaf = certify(signer, middle, signing);
const statement = statementOf(resourcesOf(FILES));

/** Certificates that lead, or do not lead, to a trusted root. */
export function certificateVectors(): OmsVector[] {
  return [...waysToRoot(), ...faultsOfLeaf(), ...faultsOfAuthorities(), ...faultsOfSignature()];
}

function waysToRoot(): OmsVector[] {
  const self = certify(signer, signer, signing);
  const legacy = {
    ...statement,
    subject: resourcesOf(FILES).map(({ name, digest }) => ({ name, digest: { sha256: digest } })),
    predicateType: "https://model_signing/Digests/v0.1",
    predicate: {},
  };
  const old = sign([leaf, intermediate], { statement: legacy, hash: "sha256", legacy: true });
  return [
    vector("signer, intermediate, root outside the bundle", [leaf, intermediate]),
    vector("the root inside the bundle too", [leaf, intermediate, trusted]),
    vector("the intermediate known to the verifier", [leaf], {
      certificateChainPem: [toPem(intermediate), toPem(trusted)],
    }),
    vector("all trusted certificates in one text", [leaf], {
      certificateChainPem: [toPem(trusted) + toPem(intermediate)],
    }),
    vector("certificates in another order", [leaf, trusted, intermediate]),
    vector("a signer straight below the root", [certify(signer, root, signing)]),
    vector("a trusted signer that vouches for itself", [self], { certificateChainPem: [toPem(self)] }),
    vector("a signer known for code signing only", [certify(signer, middle, { codeSigning: true }), intermediate]),
    vector("a signer that is an authority too", [
      certify(signer, middle, { ...signing, authority: true }),
      intermediate,
    ]),
    vector("a path length that suffices", [leaf, certify(middle, root, { ...authority, pathLength: 0 })]),
    vector("release 0.2.0: SHA-256 whatever the curve", [], { bundle: old }),
  ];
}

function faultsOfLeaf(): OmsVector[] {
  const koblitz = makeParty("signer", "secp256k1");
  const strange = extension("1.2.3.4", Buffer.from([5, 0]), true);
  const withLeaf = (description: string, more: Partial<CertificateContent>) =>
    refused(description, [certify(signer, middle, { ...signing, ...more }), intermediate]);
  return [
    withLeaf("an expired signer", years(2020, 2026)),
    withLeaf("a signer that is not valid yet", years(2027, 2035)),
    withLeaf("a signer that may sign certificates only", { keyUsage: ["keyCertSign"], codeSigning: false }),
    refused("a signer without any stated use", [certify(signer, middle), intermediate]),
    withLeaf("a critical extension that nobody knows", { extensions: [strange] }),
    refused("a signer on secp256k1", [certify(koblitz, middle, signing), intermediate], {
      bundle: sign([certify(koblitz, middle, signing), intermediate], { party: koblitz, hash: "sha256" }),
    }),
    refused("a signer that vouches for itself", [certify(signer, signer, signing)]),
    refused("bytes that are no certificate", [Buffer.from("no certificate")]),
  ];
}

function faultsOfAuthorities(): OmsVector[] {
  const impostor = certify({ ...stranger, name: "root" }, { ...stranger, name: "root" }, authority);
  const withMiddle = (description: string, more: Partial<CertificateContent>) =>
    refused(description, [leaf, certify(middle, root, { ...authority, ...more })]);
  const long = [certify(signer, lower, signing), certify(lower, middle, authority)];
  return [
    refused("another root", [leaf, intermediate], {
      certificateChainPem: [toPem(certify(stranger, stranger, authority))],
    }),
    refused("another root of the same name", [leaf, intermediate], { certificateChainPem: [toPem(impostor)] }),
    refused("a root that only the bundle knows", [leaf, intermediate, trusted], {
      certificateChainPem: [toPem(certify(stranger, stranger, authority))],
    }),
    refused("no intermediate", [leaf]),
    refused("an intermediate as the only trusted one", [leaf], { certificateChainPem: [toPem(intermediate)] }),
    withMiddle("an intermediate that is no authority", { authority: false }),
    refused("an intermediate without basic constraints", [leaf, certify(middle, root, { keyUsage: ["keyCertSign"] })]),
    withMiddle("an intermediate that may not sign certificates", { keyUsage: ["digitalSignature"] }),
    withMiddle("an expired intermediate", years(2020, 2026)),
    withMiddle("an intermediate with an extension that nobody knows", {
      extensions: [extension("2.5.29.30", Buffer.from([0x30, 0]), true)],
    }),
    refused("a path length that does not suffice", [...long, certify(middle, root, { ...authority, pathLength: 0 })]),
    refused("an expired root", [leaf, intermediate], {
      certificateChainPem: [toPem(certify(root, root, { ...authority, ...years(2020, 2026) }))],
    }),
    refused("an intermediate signed by somebody else", [
      leaf,
      certify(middle, { ...stranger, name: "root" }, authority),
    ]),
  ];
}

function faultsOfSignature(): OmsVector[] {
  const bundle = sign([leaf, intermediate], { party: makeParty("signer", "P-384") });
  const expected = "OMS_SIGNATURE_INVALID";
  const key = { material: { publicKey: { hint: "00" } } };
  return [
    refused("a signature of another key", [], { bundle, expected }),
    refused("a bundle that was signed with a key", [], { bundle: sign([], key), expected }),
    {
      ...refused("a key for a bundle with certificates", [leaf, intermediate], { expected }),
      certificateChainPem: undefined as never,
      publicKeyPem: signer.publicKey.export({ type: "spki", format: "pem" }) as string,
    },
  ];
}

interface SignOptions {
  readonly party?: Party;
  readonly statement?: object;
  readonly hash?: string;
  readonly legacy?: boolean;
  readonly material?: object;
}

function sign(chain: readonly Buffer[], options: SignOptions = {}) {
  const { party = signer, hash = "sha384", legacy = false } = options;
  const certificates = chain.map((certificate) => ({ rawBytes: certificate.toString("base64") }));
  const material = options.material ?? { x509CertificateChain: { certificates }, tlogEntries: [] };
  const key = { privateKey: party.privateKey, publicKeyPem: "", hint: "", hash };
  return bundleOf(key, options.statement ?? statement, { material, legacy });
}

function vector(description: string, chain: readonly Buffer[], more: Partial<OmsVector> = {}): OmsVector {
  const bundle = more.bundle ?? sign(chain);
  return {
    description,
    files: FILES,
    bundle,
    certificateChainPem: [toPem(trusted)],
    now: NOW,
    expected: "verified",
    ...more,
  };
}

function refused(description: string, chain: readonly Buffer[], more: Partial<OmsVector> = {}): OmsVector {
  return vector(description, chain, { expected: "OMS_CERTIFICATE_INVALID", ...more });
}
