import { toHex32 } from "../../base/hex.ts";
import { type VerifyReport, readsNoFile } from "../../verify/report.ts";

/** Who says it, when, and under which policy. */
export interface VsaContext {
  readonly version: string;
  readonly time: Date;
  /** SHA-256 of the policy file, 0x-hex; undefined where there is none. */
  readonly policyDigest?: string;
}

const VERIFIER = "pkg:npm/model-provenance-nft";
// An extension field, as in-toto lets a predicate have: its name is a URI.
const PUBLISHER = `${VERIFIER}#publisher`;
// Ours, for names that begin with SLSA_ are SLSA's.
const LEVEL = "MODEL_PROVENANCE_RECORDED";

/**
 * Writes a verification summary: an in-toto statement about the files, unsigned.
 *
 * @see https://slsa.dev/verification_summary/v1
 */
export function toVsa(report: VerifyReport, { version, time, policyDigest }: VsaContext): object {
  const { verdict, method, record, registry, model, files, publisher } = report;
  const passed = verdict === "verified";
  const subject = files.flatMap(({ name, actual, expected }) => {
    const sha256 = actual?.sha256 ?? (passed ? expected?.sha256 : undefined);
    return sha256 === undefined ? [] : [{ name: actual?.name ?? name, digest: { sha256 } }];
  });
  const file = `file:${encodeURI(model.path)}`;
  const place = registry && `eip155:${registry.chainId}:${registry.address}`;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: subject.length > 0 ? subject : [wholeModel(report)],
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: VERIFIER, version: { "model-provenance-nft": version } },
      timeVerified: time.toISOString(),
      resourceUri: record && place ? `${place}/${toHex32(record.tokenId)}` : method === "agent" ? model.path : file,
      policy: {
        uri: policyDigest === undefined ? "model-provenance:no-policy" : "model-provenance:model-policy.yaml",
        ...(policyDigest !== undefined && { digest: { sha256: policyDigest.slice(2) } }),
      },
      ...(record && { inputAttestations: [{ digest: { sha256: record.metadataDigest.slice(2) } }] }),
      verificationResult: passed ? "PASSED" : "FAILED",
      verifiedLevels: [passed ? LEVEL : "FAILED"],
      ...(record && publisher && { [PUBLISHER]: publisher }),
    },
  };
}

/** A statement needs a subject: where no file is known by its digest, it is the model; of an agent or a credential the one that it names. */
function wholeModel({ model, method, record }: VerifyReport): object {
  const named = readsNoFile({ method }) && record ? toHex32(record.tokenId) : undefined;
  const sha256 = (model.modelDigest ?? named)?.slice(2);
  return { name: model.path, digest: sha256 === undefined ? {} : { sha256 } };
}
