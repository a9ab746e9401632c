import { metadataUri, toDidPkh, toIsoTime } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import { toSubject } from "./provenance.ts";

/**
 * What a recall is to who reads SLSA: a verification summary that failed, by who revoked the model, at the time of the block.
 *
 * @see https://slsa.dev/spec/v1.1/verification_summary
 */
export function toFailedSummary(model: ExportedModel) {
  const { id, record, place, status } = model;
  const { statement, of } = status;
  const account = statement?.account ?? record.creator;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: toSubject(model),
    predicateType: "https://slsa.dev/verification_summary/v1",
    predicate: {
      verifier: { id: toDidPkh(of?.place.chainId ?? place.chainId, account) },
      timeVerified: toIsoTime(statement?.time ?? record.mintedAt),
      resourceUri: id,
      policy: { uri: `model-provenance:revoked?reason=${encodeURIComponent(statement?.reason ?? "")}` },
      inputAttestations: [{ uri: metadataUri(model), digest: { sha256: record.metadataDigest.slice(2) } }],
      verificationResult: "FAILED",
      verifiedLevels: ["FAILED"],
    },
  };
}
