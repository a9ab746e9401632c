import { ZERO_DIGEST } from "../../base/hex.ts";
import { statedDescription } from "../../metadata/default-description.ts";
import { describeAnswer, metadataUri, toDidPkh, toIriReference, toIsoTime, versionOf } from "../describe.ts";
import { type ExportedModel, type Relative, idOf, nameOf } from "../exported-model.ts";

/** What kind of build this is: that nobody saw it built, and what stands in the fields below. */
export const BUILD_TYPE = "pkg:npm/model-provenance-nft/recorded-model/v1";

/**
 * What is recorded of a model as SLSA's provenance: the creator's statement of how it was made, and the record as evidence.
 *
 * @see https://slsa.dev/spec/v1.1/provenance
 */
export function toProvenance(model: ExportedModel) {
  const { id, record, place } = model;
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: toSubject(model),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: listStated(model),
        internalParameters: listRecorded(model),
        resolvedDependencies: listDependencies(model),
      },
      runDetails: {
        // Who answers for the statement: SLSA's builder is whoever its consumers have to trust.
        builder: { id: toDidPkh(place.chainId, record.creator) },
        metadata: { invocationId: id },
        byproducts: [
          {
            name: "metadata.json",
            uri: metadataUri(model),
            digest: { sha256: record.metadataDigest.slice(2) },
            mediaType: "application/json",
          },
        ],
      },
    },
  };
}

/** The subjects of an attestation: every file, in the order of the manifest. */
export function toSubject({ resources }: Pick<ExportedModel, "resources">) {
  return resources.map(({ name, sha256 }) => ({ name, digest: { sha256 } }));
}

/** What the creator says of training and use. */
function listStated(model: ExportedModel) {
  const { name, provenance } = model.metadata;
  const { task, modelArchitecture, parameters, trainingConfig, metrics, extensions } = provenance;
  return known({
    name,
    version: versionOf(model),
    description: statedDescription(model.metadata),
    license: model.record.license,
    framework: provenance.framework,
    task,
    modelArchitecture,
    parameters,
    trainingConfig,
    metrics,
    extensions,
  });
}

/** The record on the chain, and the creator's signature, which is one of EIP-712 and not of this envelope. */
function listRecorded(model: ExportedModel) {
  const { registry, tokenId, record, event, batch, metadata, status, publisher, place } = model;
  const { statement } = status;
  const { type, signer, value } = metadata.signature;
  return known({
    record: known({
      registry,
      tokenId,
      creator: toDidPkh(place.chainId, record.creator),
      publisher: publisher?.name,
      recordedAt: toIsoTime(record.mintedAt),
      relation: record.relation,
      block: event?.blockNumber,
      transaction: event?.transactionHash,
      batchRoot: batch?.root,
      manifestRoot: event?.manifestRoot ?? metadata.provenance.manifestRoot,
      weightsDigest: event?.weightsDigest ?? metadata.provenance.weightsDigest,
      modelCid: metadata.provenance.model?.cid,
    }),
    status: known({
      status: status.word,
      by: statement && toDidPkh(place.chainId, statement.account),
      at: statement && toIsoTime(statement.time),
      reason: statement?.reason,
    }),
    evidence: { type, signer, value, verified: describeAnswer(model.signed) },
    contradictions: model.contradictions.length > 0 ? model.contradictions : undefined,
  });
}

/** Models and data that it was made from. */
function listDependencies({ parents, metadata, record }: ExportedModel) {
  const { baseModels = [], datasets = [], datasetCid } = metadata.provenance;
  const data = known({ uri: datasetCid, digest: digestOf("modelDigest", record.datasetDigest) });
  return [
    ...parents.map(toParent),
    ...baseModels.map(({ uri, relation, digest }) =>
      known({ uri: toIriReference(uri), digest: digestOf("modelDigest", digest), annotations: { relation } }),
    ),
    ...(Object.keys(data).length > 0 ? [{ name: "training data", ...data }] : []),
    ...datasets.map(({ name, uri, digest }) =>
      known({
        name,
        uri: uri === undefined ? undefined : toIriReference(uri),
        digest: digestOf("modelDigest", digest),
      }),
    ),
  ];
}

function toParent(parent: Relative) {
  const { tokenId, relation, endorsed, record } = parent;
  const annotations = known({ relation, endorsed: describeAnswer(endorsed), status: record?.status });
  return { name: nameOf(parent), uri: idOf(parent), digest: digestOf("modelDigest", tokenId), annotations };
}

/** in-toto's digest sets take any name: ours is no SHA-256 of bytes, but of digests. */
function digestOf(name: string, digest: string | undefined): Record<string, string> | undefined {
  return digest === undefined || digest === ZERO_DIGEST ? undefined : { [name]: digest.slice(2) };
}

/** What is known of some values: a text that is empty and a digest of nothing say nothing. */
function known<T extends Readonly<Record<string, unknown>>>(values: T): Partial<T> {
  const entries = Object.entries(values).filter(([, value]) => {
    return value !== undefined && value !== "" && value !== ZERO_DIGEST;
  });
  return Object.fromEntries(entries) as Partial<T>;
}
