import { statedDescription } from "../../metadata/default-description.ts";
import { metadataUri, toDidPkh, toIriReference, toIsoTime, versionOf } from "../describe.ts";
import { type ExportedModel, idOf, nameOf } from "../exported-model.ts";
import type { FieldRow, StatedDigest } from "../form.ts";

/** Names of what W3C's context does not name. */
const TERMS = "pkg:npm/model-provenance-nft/terms#";
const json = (name: string) => ({ "@id": `${TERMS}${name}`, "@type": "@json" });

/** What the terms mean: our own have one vocabulary, and what people write freely is taken as JSON. */
const CONTEXT = [
  "https://www.w3.org/ns/credentials/v2",
  {
    "@vocab": TERMS,
    files: json("files"),
    datasets: json("datasets"),
    metrics: json("metrics"),
    trainingConfig: json("trainingConfig"),
    extensions: json("extensions"),
    statements: json("statements"),
  },
] as const;

/** Which of our fields becomes which of the credential's. */
export const VC_FIELDS: readonly FieldRow[] = [
  { ours: "record.id", theirs: "id" },
  { ours: "record.mintedAt", theirs: "validFrom" },
  { ours: "status.word", theirs: "validUntil", note: "of a revoked model: when that was said" },
  { ours: "record.id", theirs: "credentialSubject.id" },
  { ours: "metadata.name", theirs: "credentialSubject.name" },
  { ours: "version", theirs: "credentialSubject.version" },
  { ours: "record.license", theirs: "credentialSubject.license" },
  { ours: "record.creator", theirs: "credentialSubject.creator", note: "did:pkh" },
  { ours: "publisher", theirs: "credentialSubject.publisher" },
  { ours: "task", theirs: "credentialSubject.task" },
  { ours: "parents", theirs: "credentialSubject.parents[]" },
  { ours: "baseModels", theirs: "credentialSubject.baseModels[]" },
  { ours: "datasets, datasetDigest", theirs: "credentialSubject.datasets[]" },
  { ours: "metrics", theirs: "credentialSubject.metrics[]" },
  { ours: "trainingConfig", theirs: "credentialSubject.trainingConfig" },
  { ours: "extensions", theirs: "credentialSubject.extensions" },
  { ours: "manifest.resources", theirs: "credentialSubject.files[].sha256" },
  { ours: "status.statements", theirs: "credentialSubject.statements[]" },
  { ours: "record.registry, record.tokenId", theirs: "credentialStatus.id", note: "answered by the chain" },
  {
    ours: "record",
    theirs: "evidence[].record",
    note: "the record on the chain, and the creator's signature (EIP-712)",
  },
];

/**
 * Says in a credential what is recorded of a model.
 *
 * @param issuer - who signs it; the creator, where nobody does
 * @see https://www.w3.org/TR/vc-data-model-2.0/
 */
export function toCredential(model: ExportedModel, issuer: string | undefined) {
  const { id, record, place, metadata, status, statements, resources, publisher } = model;
  const { provenance } = metadata;
  const creator = toDidPkh(place.chainId, record.creator);
  const digest = BigInt(record.datasetDigest) === 0n ? undefined : record.datasetDigest;
  const datasets = [
    ...(digest === undefined ? [] : [{ name: "training data", uri: provenance.datasetCid, digest }]),
    ...(provenance.datasets ?? []),
  ];
  const revokedAt = status.word === "revoked" ? status.statement?.time : undefined;
  return {
    "@context": CONTEXT,
    id: `${id}#credential`,
    type: ["VerifiableCredential", "ModelProvenanceCredential"],
    issuer: issuer ?? creator,
    validFrom: toIsoTime(record.mintedAt),
    ...(revokedAt !== undefined && { validUntil: toIsoTime(Math.max(revokedAt, record.mintedAt)) }),
    credentialSubject: known({
      id,
      type: "AIModel",
      name: metadata.name,
      description: statedDescription(metadata),
      version: versionOf(model),
      license: record.license === "" ? undefined : record.license,
      creator: { id: creator },
      publisher: publisher?.name,
      task: provenance.task,
      modelArchitecture: provenance.modelArchitecture,
      modelDigest: model.tokenId,
      status: status.word,
      relation: record.relation,
      parents: some(
        model.parents.map((parent) => ({ id: idOf(parent), name: nameOf(parent), relation: parent.relation })),
      ),
      baseModels: some(
        (provenance.baseModels ?? []).map(({ uri, relation }) => ({ address: toIriReference(uri), relation })),
      ),
      datasets: some(datasets),
      metrics: some(provenance.metrics ?? []),
      trainingConfig: provenance.trainingConfig,
      extensions: provenance.extensions,
      files: resources.map(({ name, size, sha256 }) => ({ name, size, sha256 })),
      statements: some(statements),
    }),
    credentialStatus: {
      id: `${id}#status`,
      type: "ModelRegistryStatus",
      registry: model.registry,
      tokenId: model.tokenId,
    },
    evidence: [
      known({
        type: "ModelRegistryRecord",
        record: id,
        creator: { id: creator },
        recordedAt: toIsoTime(record.mintedAt),
        transaction: model.event?.transactionHash,
        metadata: metadataUri(model),
        metadataDigest: record.metadataDigest,
      }),
      { type: "Eip712Signature", signer: metadata.signature.signer, signatureValue: metadata.signature.value },
    ],
  };
}

/** What a credential says of the files, read back. */
export function readFiles(credential: unknown): StatedDigest[] {
  const { credentialSubject } = credential as Partial<ReturnType<typeof toCredential>>;
  const { files = [] } = credentialSubject as { files?: readonly { name: string; sha256: string }[] };
  return files.map(({ name, sha256 }): StatedDigest => [name, sha256]);
}

/** Whose credential it is, and which of their keys signs: a DID of the key itself unless another is named. */
export function nameIssuer({ issuer, multikey }: { readonly issuer?: string; readonly multikey: string }) {
  if (issuer === undefined) return { issuer: `did:key:${multikey}`, method: `did:key:${multikey}#${multikey}` };
  return { issuer: issuer.split("#")[0] as string, method: issuer.includes("#") ? issuer : `${issuer}#${multikey}` };
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}

/** Leaves out what is not known: null and undefined are no statements. */
function known<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as T;
}
