import { toSubmission } from "../registry/to-submission.ts";
import type { RecordedEvent } from "../registry/model-record.ts";
import type { ModelSubmission } from "../registry/submission.ts";
import type { Provenance } from "../metadata/schema.ts";
import { computeDigestOfNamed } from "../model/manifest.ts";
import { RELATIONS } from "../model/relation.ts";
import type { RecordedModel } from "./report.ts";

/** A field of which metadata and chain say different things. */
export interface Contradiction {
  readonly field: string;
  readonly metadata: string;
  readonly chain: string;
}

/**
 * Compares what the metadata says with what was recorded: the submission is built again from the metadata,
 * so that both sides are in the chain's own terms.
 */
export function findContradictions(
  provenance: Provenance,
  record: RecordedModel,
  event: RecordedEvent | undefined,
): Contradiction[] {
  const stated = trySubmission(provenance, record);
  if (stated === undefined)
    return [{ field: "framework or version", metadata: "too long to be recorded", chain: "none" }];
  const pairs: [field: string, metadata: unknown, chain: unknown][] = [
    ["licence", stated.license, record.license],
    ["framework", stated.framework, record.framework],
    ["headline metric", stated.performanceMetrics, record.performanceMetrics],
    ["data set digest", stated.datasetDigest, record.datasetDigest],
    ["relation", RELATIONS[Number(stated.relation)], record.relation],
    ["list of parents", stated.parents.join(), record.parents.join()],
  ];
  const { weights, manifest } = provenance;
  if (weights?.files !== undefined && manifest.resources !== undefined) {
    const recomputed = computeDigestOfNamed(manifest.resources, weights.files);
    pairs.push(["digest of the weight files that it names", recomputed, stated.weightsDigest]);
  }
  if (event !== undefined) {
    pairs.push(
      ["weights digest", stated.weightsDigest, event.weightsDigest],
      ["version", stated.version, event.version],
    );
  }
  return pairs
    .map(([field, metadata, chain]) => ({
      field,
      metadata: String(metadata) || "none",
      chain: String(chain) || "none",
    }))
    .filter(({ metadata, chain }) => metadata !== chain);
}

function trySubmission(provenance: Provenance, record: RecordedModel): ModelSubmission | undefined {
  try {
    return toSubmission(provenance, record.metadataDigest, () => undefined);
  } catch {
    return undefined; // A stranger wrote it: what the contract would refuse was not recorded from it.
  }
}
