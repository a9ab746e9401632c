import { ZERO_DIGEST } from "../../base/hex.ts";
import { toIriReference } from "../describe.ts";
import type { ExportedModel } from "../exported-model.ts";
import type { Graph } from "./graph.ts";

/** Adds the data sets that are named, and the one whose digest or address stands in the record. @returns their IRIs */
export function addDatasets({ metadata, record }: ExportedModel, graph: Graph): string[] {
  const { datasets = [], datasetCid } = metadata.provenance;
  const digest = record.datasetDigest === ZERO_DIGEST ? undefined : record.datasetDigest;
  const isNamed = datasets.some((one) => one.digest !== undefined && one.digest === digest);
  const recorded =
    isNamed || (digest === undefined && datasetCid === undefined)
      ? []
      : [{ name: "training data", uri: datasetCid, digest }];
  return [...recorded, ...datasets].map(({ name, uri, digest: own }, i) =>
    graph.add("dataset_DatasetPackage", `Dataset-${i + 1}`, {
      name,
      dataset_datasetType: ["noAssertion"],
      software_primaryPurpose: "data",
      ...(uri !== undefined && { software_downloadLocation: toIriReference(uri) }),
      // No hash of bytes: of the digests of all its files, as of a model.
      ...(own !== undefined && {
        externalIdentifier: [
          {
            type: "ExternalIdentifier",
            externalIdentifierType: "other",
            identifier: own,
            comment: "dataset digest of the record",
          },
        ],
      }),
    }),
  );
}
