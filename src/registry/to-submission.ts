import { ZeroAddress, toUtf8Bytes } from "ethers";
import { ProvenanceError } from "../base/errors.ts";
import { type Hex, ZERO_DIGEST } from "../base/hex.ts";
import { relationOf } from "../metadata/relation-of.ts";
import type { Provenance } from "../metadata/schema.ts";
import { RELATIONS } from "../model/relation.ts";
import type { ModelSubmission } from "./submission.ts";

const FRAMEWORK_MAX_BYTES = 64;
const METRICS_MAX_BYTES = 31;
const VERSION_MAX_BYTES = 64;

/**
 * Turns a provenance into the contract's submission, so that chain and metadata say the same.
 *
 * @param warn - called when the headline metric is too long to be stored on chain
 * @throws {ProvenanceError} `OPTION_INVALID` for a framework or version of more than 64 bytes
 */
export function toSubmission(
  provenance: Provenance,
  metadataDigest: Hex,
  warn: (text: string) => void,
): ModelSubmission {
  const { framework, royalty, baseModels = [] } = provenance;
  const frameworkText = [framework?.name, framework?.version].filter(Boolean).join(" ");
  assertLength("framework", frameworkText, FRAMEWORK_MAX_BYTES);
  assertLength("version", provenance.version ?? "", VERSION_MAX_BYTES);
  return {
    modelDigest: provenance.modelDigest,
    manifestRoot: provenance.manifestRoot,
    weightsDigest: provenance.weightsDigest ?? ZERO_DIGEST,
    datasetDigest: provenance.datasetDigest ?? ZERO_DIGEST,
    metadataDigest,
    relation: RELATIONS.indexOf(relationOf(provenance)),
    parents: (provenance.parents ?? []).map(({ tokenId }) => BigInt(tokenId)),
    baseModelDigest: baseModels.length === 1 ? (baseModels[0]?.digest ?? ZERO_DIGEST) : ZERO_DIGEST,
    framework: frameworkText,
    license: provenance.license ?? "",
    performanceMetrics: headlineMetric(provenance, warn),
    version: provenance.version ?? "",
    royaltyReceiver: royalty?.receiver ?? ZeroAddress,
    royaltyBasisPoints: royalty?.basisPoints ?? 0,
  };
}

function assertLength(what: string, text: string, maximum: number): void {
  if (toUtf8Bytes(text).length <= maximum) return;
  throw new ProvenanceError("OPTION_INVALID", `The ${what} ${text} has more than ${maximum} bytes. Shorten it.`);
}

function headlineMetric(provenance: Provenance, warn: (text: string) => void): string {
  const metric = provenance.metrics?.[0];
  if (metric === undefined) return "";
  const value = typeof metric.value === "number" ? Number(metric.value.toPrecision(4)) : metric.value;
  const text = `${metric.name}=${value}`;
  if (toUtf8Bytes(text).length <= METRICS_MAX_BYTES) return text;
  warn(`The metric ${text} has more than ${METRICS_MAX_BYTES} bytes: it is in the metadata, not on chain.`);
  return "";
}
