import { type ChainRequest, evidenceOf, placesOf, reportAbsence, searchOf } from "./ask-chain.ts";
import type { StatedCredential } from "./evidence.ts";
import { chooseRecord, locate } from "./locate.ts";
import { examine } from "./pipeline.ts";
import type { VerifiedModel, VerifyReport } from "./report.ts";

/** Input of {@link verifyCredential}. */
export interface VerifyCredentialRequest extends ChainRequest {
  /** Of the file, for the report. */
  readonly path: string;
  readonly credential: StatedCredential;
  /** The token that it is about, in the one registry that it names. */
  readonly tokenId: bigint;
}

/**
 * Finds out from the chain whether what a credential says of a model is recorded, and what was said of the model since:
 * its proof, the record and the status. No file of the model is read.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function verifyCredential(request: VerifyCredentialRequest): Promise<VerifyReport> {
  const { tokenId, path } = request;
  const evidence = evidenceOf(request);
  const search = searchOf(request, [tokenId]);
  const found = await locate(evidence, search);
  const judged = chooseRecord(found.records, search);
  const way = "credential";
  const model: VerifiedModel = { path, kind: "file", excluded: [], ignorePaths: [] };
  if (judged === undefined) {
    return reportAbsence({ way, model, registries: placesOf(evidence), gaps: found.gaps, tokenId });
  }
  const compare = () => ({ files: [], filesChecked: 0, findings: [] });
  return examine({ way, evidence, found, judged, model, compare });
}
