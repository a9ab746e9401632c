import { ProvenanceError } from "../../base/errors.ts";
import { assertWholeOnHub } from "../hub-model.ts";
import type { Options } from "../options.ts";

/**
 * Refuses options that ask for different things at once: they would leave open which of them the verdict is about.
 *
 * @throws {ProvenanceError} `OPTION_INVALID`
 */
export function assertCombination(options: Options): void {
  const { only, proofFile, packFile, lockFile, foreignContract, fast } = options;
  const { exportProof, manifestRoot, datasetPath, writeLock, receiptFile, outputFile } = options;
  const kinds = [
    only && "VERIFY_ONLY",
    proofFile !== undefined && "PROOF_FILE",
    packFile !== undefined && "PACK_FILE",
    lockFile !== undefined && "LOCK_FILE",
    foreignContract !== undefined && "FOREIGN_CONTRACT",
    fast && "VERIFY_FAST",
    receiptFile !== undefined && "RECEIPT_FILE",
  ].filter(Boolean);
  const withoutChain = [
    proofFile && "PROOF_FILE",
    packFile && "PACK_FILE",
    lockFile && "LOCK_FILE",
    foreignContract && "FOREIGN_CONTRACT",
  ];
  const [other] = withoutChain.filter(Boolean);
  const compared = [options.credentialFile && "CREDENTIAL_FILE", options.agent && "VERIFY_AGENT"].find(Boolean);
  if (compared !== undefined && other !== undefined) {
    throw invalid(`${compared} is compared with the chain: leave out ${other}.`);
  }
  if (options.agent !== undefined && receiptFile !== undefined) {
    throw invalid("VERIFY_AGENT and RECEIPT_FILE ask for different checks. Give one of them.");
  }
  if (kinds.length > 1) throw invalid(`${kinds.join(" and ")} ask for different checks. Give one of them.`);
  if (kinds.length > 0 && writeLock !== undefined) throw invalid(`WRITE_LOCK needs all files: leave out ${kinds[0]}.`);
  if (datasetPath !== undefined && kinds.length > 0 && !fast) {
    throw invalid(`DATASET_PATH is compared when a model is verified with the chain: leave out ${kinds[0]}.`);
  }
  assertWholeOnHub(options, [...kinds, ...(options.withCid ? ["WITH_CID"] : [])]);
  if (compared !== undefined && options.modelPath === undefined) assertNoFiles(options);
  if (outputFile !== undefined && receiptFile === undefined) throw invalid("OUTPUT_FILE needs RECEIPT_FILE.");
  if (receiptFile !== undefined && options.modelPath !== undefined) {
    throw invalid("RECEIPT_FILE is for an answer, and no model is read: leave out MODEL_PATH.");
  }
  if (manifestRoot !== undefined && proofFile === undefined) throw invalid("MANIFEST_ROOT needs PROOF_FILE.");
  if (exportProof !== undefined && only?.length !== 1) throw invalid("EXPORT_PROOF needs VERIFY_ONLY with one name.");
}

/** An agent or a credential alone has no files that anything could be compared with. */
function assertNoFiles(options: Options): void {
  const { only, fast, agent, credentialFile, datasetPath, withCid, writeLock, exportProof } = options;
  const needed = [
    only && "VERIFY_ONLY",
    fast && "VERIFY_FAST",
    agent !== undefined && credentialFile !== undefined && "CREDENTIAL_FILE",
    datasetPath !== undefined && "DATASET_PATH",
    withCid && "WITH_CID",
    writeLock !== undefined && "WRITE_LOCK",
    exportProof !== undefined && "EXPORT_PROOF",
  ].find(Boolean);
  if (needed !== undefined) throw invalid(`${needed} needs files: name the model, too (MODEL_PATH).`);
}

function invalid(text: string): ProvenanceError {
  return new ProvenanceError("OPTION_INVALID", text);
}
