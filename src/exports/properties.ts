import { ZERO_DIGEST } from "../base/hex.ts";
import { describeAnswer, toDidPkh, toIsoTime } from "./describe.ts";
import type { ExportedModel } from "./exported-model.ts";

/** A property of ours, in CycloneDX and in SPDX: names are kept apart by what stands before the colon. */
export interface Property {
  readonly name: string;
  readonly value: string;
}

const NAMESPACE = "model-provenance";

/** Writes values as properties; what is not known, or is no digest of anything, is left out. */
export function toProperties(values: Readonly<Record<string, unknown>>): Property[] {
  return Object.entries(values).flatMap(([name, value]) => {
    if (value === undefined || value === "" || value === ZERO_DIGEST) return [];
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return [{ name: `${NAMESPACE}:${name}`, value: text }];
  });
}

/** What the record says that other standards have no field for. */
export function listProperties({ registry, tokenId, record, event, batch, metadata, status, ...model }: ExportedModel) {
  const { provenance } = metadata;
  const { statement } = status;
  return toProperties({
    tokenId,
    modelDigest: tokenId,
    registry,
    creator: toDidPkh(model.place.chainId, record.creator),
    recordedAt: toIsoTime(record.mintedAt),
    block: event?.blockNumber,
    transaction: event?.transactionHash,
    batchRoot: batch?.root,
    status: status.word,
    statusBy: statement && toDidPkh(model.place.chainId, statement.account),
    statusAt: statement && toIsoTime(statement.time),
    statusReason: statement?.reason,
    relation: record.relation,
    signedByCreator: describeAnswer(model.signed),
    metadataDigest: record.metadataDigest,
    manifestRoot: event?.manifestRoot ?? provenance.manifestRoot,
    weightsDigest: event?.weightsDigest ?? provenance.weightsDigest,
    weightsHash: provenance.weightsHash,
    configHash: provenance.configHash,
    datasetDigest: record.datasetDigest,
    headlineMetric: record.performanceMetrics,
    framework: record.framework,
    omsKeyHint: provenance.oms?.keyHint,
    modelCid: provenance.model?.cid,
  });
}
