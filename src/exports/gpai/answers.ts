import { statedDescription } from "../../metadata/default-description.ts";
import { metadataUri, toDidPkh, toIsoTime, versionOf } from "../describe.ts";
import { type ExportedModel, nameOf } from "../exported-model.ts";

type Answer = (model: ExportedModel) => string | undefined;

/** The task that the publisher names. */
export const tasks: Answer = ({ metadata }) => {
  const { task } = metadata.provenance;
  return join([statedDescription(metadata), task && `Task: ${task}.`], " ");
};

/** When it was recorded, and where its files are. */
export const release: Answer = ({ record, metadata }) => {
  const { model } = metadata.provenance;
  const where = model === undefined ? metadata.external_url : `ipfs://${model.cid}`;
  return join([`Recorded on ${toIsoTime(record.mintedAt)}`, where && `distributed at ${where}`]);
};

/** What was read from configuration and headers. */
export const architecture: Answer = ({ metadata: { provenance } }) => {
  const { modelArchitecture, parameters } = provenance;
  return join([modelArchitecture, parameters && `${parameters.total} parameters`]);
};

/** The licence of the record. */
export const licence: Answer = ({ record }) => record.license || undefined;

/** The framework that the model needs. */
export const framework: Answer = ({ metadata, record }) => {
  const { name, version } = metadata.provenance.framework ?? { name: record.framework };
  return join([name, version], " ");
};

/** The training configuration, as it was recorded. */
export const training: Answer = ({ metadata: { provenance } }) => listOf(provenance.trainingConfig);

/** Data sets with their addresses and digests. */
export const data: Answer = (model) => {
  const { datasetCid } = model.metadata.provenance;
  const { datasetDigest } = model.record;
  const own = BigInt(datasetDigest) === 0n ? undefined : `training data with the digest ${datasetDigest}`;
  return join([namedData(model), own, datasetCid && `at ${datasetCid}`], "; ");
};

/** Data sets by name. */
export const namedData: Answer = ({ metadata: { provenance } }) => {
  const named = (provenance.datasets ?? []).map(({ name, uri }) => (uri === undefined ? name : `${name} (${uri})`));
  return join(named, "; ");
};

/** What the publisher says of machines. */
export const compute: Answer = ({ metadata: { provenance } }) => listOf(provenance.extensions?.["hardware"]);

/** What the publisher says of energy. */
export const energy: Answer = ({ metadata: { provenance } }) => listOf(provenance.extensions?.["energy"]);

/** All metrics, each with what it was measured on. */
export const metrics: Answer = ({ metadata: { provenance } }) => {
  const all = (provenance.metrics ?? []).map(({ name, value, dataset, split }) => {
    const on = [dataset, split].filter(Boolean).join(", ");
    return `${name} ${value}${on === "" ? "" : ` (${on})`}`;
  });
  return join(all, "; ");
};

/** Who recorded it: by name where that holds. */
export const provider: Answer = ({ publisher, place, record }) => {
  const account = toDidPkh(place.chainId, record.creator);
  return publisher?.name === undefined ? account : `${publisher.name}, ${account}`;
};

/** Name and version. */
export const names: Answer = (model) => join([model.metadata.name, versionOf(model)], " ");

/** Parents and base models by name. */
export const origin: Answer = ({ parents, metadata }) => {
  const bases = (metadata.provenance.baseModels ?? []).map(({ uri, relation }) => `${uri} (${relation})`);
  return join([...parents.map((parent) => `${nameOf(parent)} (${parent.relation})`), ...bases], "; ");
};

/** The files that were recorded. */
export const files: Answer = ({ resources, metadata: { provenance } }) => {
  const size = resources.reduce((sum, resource) => sum + resource.size, 0);
  const where = provenance.model === undefined ? "" : `, ipfs://${provenance.model.cid}`;
  return `${resources.length} files of ${size} bytes together, by their digests${where}`;
};

/** Where the metadata is, which is a card of the model. */
export const card: Answer = (model) => metadataUri(model);

function join(parts: readonly (string | undefined | false)[], between = ", "): string | undefined {
  return parts.filter(Boolean).join(between) || undefined;
}

/** What somebody stated, each value as it is. */
function listOf(stated: unknown): string | undefined {
  if (typeof stated === "string") return stated || undefined;
  if (typeof stated !== "object" || stated === null) return undefined;
  const entries = Object.entries(stated);
  return join(
    entries.map(([key, value]) => `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}`),
    "; ",
  );
}
