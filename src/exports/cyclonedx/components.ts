import { statedDescription } from "../../metadata/default-description.ts";
import { isSpdxExpression } from "../../metadata/license.ts";
import { explorerLinks } from "../../registry/networks.ts";
import { metadataUri, toDidPkh, toIriReference, toIsoTime, versionOf } from "../describe.ts";
import { type ExportedModel, type Relative, idOf, nameOf } from "../exported-model.ts";
import { describeCard } from "./model-card.ts";
import { listProperties, toProperties } from "../properties.ts";

/** The model itself, as the component that the BOM is about. */
export function describeModel(model: ExportedModel) {
  const { id, place, record, metadata, publisher } = model;
  const version = versionOf(model);
  const description = statedDescription(metadata);
  return {
    type: "machine-learning-model",
    "bom-ref": id,
    ...toSupplier(publisher),
    authors: [{ name: toDidPkh(place.chainId, record.creator) }],
    name: metadata.name,
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...toLicenses(record.license),
    ...toPedigree(model),
    externalReferences: toReferences(model),
    modelCard: describeCard(model),
    properties: listProperties(model),
  };
}

/** Who is behind the creator's account, where that holds in both directions. */
function toSupplier(publisher: ExportedModel["publisher"]) {
  if (publisher?.name === undefined) return {};
  const dids = publisher.claims.filter(({ source, holds }) => source === "did:web" && holds === "yes");
  return { supplier: { name: publisher.name, ...(dids.length > 0 && { url: dids.map(({ id }) => id) }) } };
}

/** The framework that the model needs. */
export function describeFramework({ metadata, record }: ExportedModel) {
  const { name, version } = metadata.provenance.framework ?? { name: record.framework };
  if (name === "") return undefined;
  return { type: "framework", "bom-ref": "framework", name, ...(version !== undefined && { version }) };
}

/** Another model, as far as it is known here. */
export function describeRelative(relative: Relative) {
  const { registry, tokenId, relation, endorsed, record, metadata } = relative;
  const version = metadata?.provenance.version;
  const description = metadata && statedDescription(metadata);
  return {
    type: "machine-learning-model",
    "bom-ref": idOf(relative),
    name: nameOf(relative),
    ...(version !== undefined && { version }),
    ...(description !== undefined && { description }),
    ...(record && toLicenses(record.license)),
    ...(record && {
      externalReferences: [{ type: "model-card", url: metadataUri({ record }), hashes: hashOf(record) }],
    }),
    properties: toProperties({
      tokenId,
      registry,
      relation,
      endorsed,
      creator: record && toDidPkh(chainIdOf(registry), record.creator),
      recordedAt: record && toIsoTime(record.mintedAt),
      status: record?.status,
    }),
  };
}

/** Parents in registries and base models outside of them: what the model was made from. */
function toPedigree({ parents, metadata, record }: ExportedModel) {
  const bases = (metadata.provenance.baseModels ?? []).map(({ uri, relation, digest }) => ({
    type: "machine-learning-model",
    name: uri,
    externalReferences: [{ type: "distribution", url: toIriReference(uri) }],
    properties: toProperties({ relation, modelDigest: digest }),
  }));
  const named = parents.map((parent) => {
    // The same model may stand among the components: a reference is given once.
    const { "bom-ref": _, ...component } = describeRelative(parent);
    return component;
  });
  if (named.length + bases.length === 0) return {};
  return { pedigree: { ancestors: [...named, ...bases], notes: `It came from them as: ${record.relation}.` } };
}

function toReferences({ record, metadata, place, tokenId }: ExportedModel) {
  const { model, oms } = metadata.provenance;
  const references: { type: string; url: string; comment?: string; hashes?: ReturnType<typeof hashOf> }[] = [
    { type: "model-card", url: metadataUri({ record }), comment: "the recorded metadata", hashes: hashOf(record) },
  ];
  if (model !== undefined) references.push({ type: "distribution", url: `ipfs://${model.cid}` });
  if (metadata.external_url !== undefined) {
    references.push({ type: "website", url: toIriReference(metadata.external_url) });
  }
  if (oms !== undefined) {
    references.push({ type: "attestation", url: `ipfs://${oms.bundleCid}`, comment: "OpenSSF Model Signing bundle" });
  }
  const token = explorerLinks.token(place.chainId, place.address, BigInt(tokenId));
  if (token !== undefined) references.push({ type: "evidence", url: token, comment: "the token" });
  return references;
}

/** A text that is no SPDX expression is still the name of a licence. */
function toLicenses(license: string) {
  if (license === "") return {};
  const acknowledgement = "declared";
  return isSpdxExpression(license)
    ? { licenses: [{ expression: license, acknowledgement }] }
    : { licenses: [{ license: { name: license, acknowledgement } }] };
}

function hashOf({ metadataDigest }: Pick<ExportedModel["record"], "metadataDigest">) {
  return [{ alg: "SHA-256", content: metadataDigest.slice(2) }];
}

function chainIdOf(registry: string): bigint {
  return BigInt(registry.split(":")[1] ?? 0);
}
