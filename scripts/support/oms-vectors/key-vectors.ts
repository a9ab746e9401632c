import { FILES, type OmsVector, bundleOf, makeSigner, resourcesOf, statementOf } from "./vector.ts";

/** Bundles in the shapes that clients write, and broken ones. */
export function keyVectors(): OmsVector[] {
  return [...shapes(), ...brokenEnvelopes(), ...wrongKeys()];
}

const statement = statementOf(resourcesOf(FILES));

function shapes(): OmsVector[] {
  const curves = (["P-256", "P-384", "P-521"] as const).map((curve) => {
    const signer = makeSigner(curve);
    return vector(`Python 1.1 with a key on ${curve}`, signer, bundleOf(signer, statement));
  });
  const signer = makeSigner("P-384");
  const { mediaType, dsseEnvelope } = bundleOf(signer, JSON.stringify(statement));
  const sig = dsseEnvelope.signatures.map((signature) => signature.sig).join("");
  const rawBytes = Buffer.from(signer.publicKeyPem).toString("base64");
  const legacy = {
    _type: statement._type,
    subject: resourcesOf(FILES).map(({ name, digest }) => ({ name, digest: { sha256: digest } })),
    predicateType: "https://model_signing/Digests/v0.1",
    predicate: { unused: "Unused, just passed due to API requirements" },
  };
  return [
    ...curves,
    vector("Go, without tlogEntries and keyid", signer, {
      mediaType,
      verificationMaterial: { publicKey: { hint: signer.hint } },
      dsseEnvelope: { ...dsseEnvelope, signatures: [{ sig }] },
    }),
    vector("before 1.1, with the key's bytes and a null keyid", signer, {
      mediaType,
      verificationMaterial: { publicKey: { rawBytes, keyDetails: "PKIX_ECDSA_P384_SHA_384" } },
      dsseEnvelope: { ...dsseEnvelope, signatures: [{ sig, keyid: null }] },
    }),
    vector("predicate and encoding of release 0.2.0", signer, bundleOf(signer, legacy, { legacy: true })),
    vector("predicate of release 0.2.0 in today's encoding", signer, bundleOf(signer, legacy)),
    vector("media type of bundle version 0.1", signer, {
      ...bundleOf(signer, statement),
      mediaType: "application/vnd.dev.sigstore.bundle+json;version=0.1",
    }),
  ];
}

function brokenEnvelopes(): OmsVector[] {
  const signer = makeSigner();
  const bundle = bundleOf(signer, statement);
  const { dsseEnvelope, verificationMaterial } = bundle;
  const [signature] = dsseEnvelope.signatures;
  const broken = (description: string, changed: unknown): OmsVector =>
    vector(description, signer, changed, "OMS_BUNDLE_INVALID");
  const envelope = (changed: object) => ({ ...bundle, dsseEnvelope: { ...dsseEnvelope, ...changed } });
  const material = (changed: object) => ({ ...bundle, verificationMaterial: changed });
  return [
    broken("a property too many in the bundle", { ...bundle, comment: "" }),
    broken("a property too many in the envelope", envelope({ comment: "" })),
    broken("a property too many in the signature", envelope({ signatures: [{ ...signature, comment: "" }] })),
    broken("two signatures", envelope({ signatures: [signature, signature] })),
    broken("no signature", envelope({ signatures: [] })),
    broken("an empty signature", envelope({ signatures: [{ sig: "" }] })),
    broken("a signature that is not base64", envelope({ signatures: [{ sig: "****" }] })),
    broken("another payload type", envelope({ payloadType: "application/json" })),
    broken("an empty payload", envelope({ payload: "" })),
    broken("no envelope", { mediaType: bundle.mediaType, verificationMaterial }),
    broken("another media type", { ...bundle, mediaType: "application/json" }),
    broken("an unknown version of the bundle", {
      ...bundle,
      mediaType: "application/vnd.dev.sigstore.bundle.v9.0+json",
    }),
    broken("no verification material", { mediaType: bundle.mediaType, dsseEnvelope }),
    broken("verification material that names nothing", material({ tlogEntries: [] })),
    broken("a key and a certificate", material({ ...verificationMaterial, certificate: { rawBytes: "AA==" } })),
    broken("a key without hint and bytes", material({ publicKey: {} })),
    broken("an empty chain", material({ x509CertificateChain: { certificates: [] } })),
    broken("keyless without a log entry", material({ certificate: { rawBytes: "AA==" }, tlogEntries: [] })),
    broken("a list", []),
    broken("null", null),
  ];
}

function wrongKeys(): OmsVector[] {
  const [signer, other] = [makeSigner(), makeSigner()];
  const koblitz = makeSigner("secp256k1");
  const bundle = bundleOf(signer, statement);
  const forged = { ...bundle.dsseEnvelope, payload: Buffer.from(JSON.stringify(statement)).toString("base64") };
  const invalid = "OMS_SIGNATURE_INVALID";
  return [
    vector("the hint of another key", other, bundle, invalid),
    vector("another key under this one's hint", other, bundleOf({ ...signer, hint: other.hint }, statement), invalid),
    vector("a payload that was not signed", signer, { ...bundle, dsseEnvelope: forged }, invalid),
    vector("the other hash of the curve", signer, bundleOf(signer, statement, { hash: "sha512" }), invalid),
    vector("a key on secp256k1", koblitz, bundleOf(koblitz, statement), "OPTION_INVALID"),
  ];
}

function vector(
  description: string,
  { publicKeyPem }: { publicKeyPem: string },
  bundle: unknown,
  expected = "verified",
): OmsVector {
  return { description, files: FILES, bundle, publicKeyPem, expected };
}
