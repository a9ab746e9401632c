import type { Signer } from "ethers";
import type { BatchProof } from "../registry/batches/batch-files.ts";
import type { Registry } from "../registry/registry.ts";
import { parseTokenId } from "../registry/token-id.ts";
import { type ProvenanceError } from "../base/errors.ts";
import { readGivenFile } from "../base/given-file.ts";
import { type BuiltMetadata, IMAGE_MAX_BYTES, buildMetadata } from "../metadata/build-metadata.ts";
import type { Statements } from "../metadata/build-provenance.ts";
import { readContributorsFile } from "../metadata/contributors-file.ts";
import { relationOf } from "../metadata/relation-of.ts";
import { describeInvalidHeader } from "../metadata/model-facts.ts";
import { readModelFacts } from "../metadata/read-model-facts.ts";
import type { DigestFiles } from "../model/hashing/digest-files.ts";
import type { ByteProgress } from "../model/hashing/steps.ts";
import type { Metadata } from "../metadata/schema.ts";
import { type HashModelOptions, type HashedModel, hashModel } from "../model/hash-model.ts";
import type { TensorSet } from "../model/tensors/digest-tensors.ts";
import { type TensorFacts, hashModelWithTensors } from "../model/tensors/hash-with-tensors.ts";
import { describeUnsafe } from "../model/tensors/unsafe-files.ts";
import { attachBundle } from "./attach-bundle.ts";
import { warnOfContradiction } from "./check-relation.ts";
import { stateFromBom } from "./state-from-bom.ts";
import { linkModel } from "./link-model.ts";
import { linkWithContent } from "./pin-model.ts";

const IMAGE = { what: "The image", maxBytes: IMAGE_MAX_BYTES };

/** What a publisher points at and says. */
export interface PublishRequest {
  /** A file or a folder. */
  readonly modelPath: string;
  readonly statements: Statements;
  readonly ignorePaths?: readonly string[];
  /** Follow the links of Hugging Face cache snapshots, as {@link hashModel} does. */
  readonly hfCache?: boolean;
  /** Training data, a file or a folder; only its digest is recorded. */
  readonly datasetPath?: string;
  /** Each a token id (decimal or 0x-hex), or the path of a model that is minted in the same registry. */
  readonly parents?: readonly string[];
  /** A picture for the token; a model card is drawn when it is left out. */
  readonly imagePath?: string;
  /** A YAML file of who had a part in the model. */
  readonly contributorsPath?: string;
  /** A CycloneDX ML-BOM, whose statements are taken where `statements` say nothing. */
  readonly bomPath?: string;
  /** Record the model's CID, computed in the same pass, and pin the blocks that link its content. */
  readonly withCid?: boolean;
  /** Pin the model itself, too: its content is streamed from where it lies. Records the CID as well. */
  readonly withModel?: boolean;
  /** An OMS bundle to record; the folder's own `model.sig` when left out, `none` for no bundle. */
  readonly omsBundle?: string;
}

/** Where and by whom a model is recorded, and how to tell what happens on the way. */
export interface PublishContext {
  readonly registry: Registry;
  readonly signer: Signer;
  readonly warn: (text: string) => void;
  readonly onTotal?: (bytes: number) => void;
  readonly onBytes?: ByteProgress;
  /** Hashes files; this machine does when it is left out. */
  readonly digest?: DigestFiles;
}

/** A model that is hashed, described and signed: nothing has left this machine yet. */
export interface PreparedModel {
  readonly model: HashedModel;
  readonly built: BuiltMetadata;
  /** Where it is of an anchored batch of the account that mints: its token is minted from that. */
  readonly anchored?: BatchProof;
}

/**
 * Hashes a model, reads what can be read of it, and builds and signs its metadata.
 *
 * @throws {ProvenanceError} as {@link hashModel}, {@link attachBundle} and {@link buildMetadata}; `MODEL_INCOMPLETE` if a file of the model or
 *   of the training data is a Git LFS pointer: only content is recorded
 */
export async function prepareModel(request: PublishRequest, context: PublishContext): Promise<PreparedModel> {
  return describeModel(await hashForRecord(request, context), request, context);
}

/**
 * Builds and signs the metadata of a model that is hashed: the second half of {@link prepareModel}, with its errors.
 *
 * @param signedBefore - a metadata JSON of an earlier run: where this one says the same, its signature is kept
 */
export async function describeModel(
  { model, headers, dataset, parents }: HashedRequest,
  request: PublishRequest,
  context: PublishContext,
  signedBefore?: Metadata,
): Promise<PreparedModel> {
  const { registry, signer, warn } = context;
  const bundle = await attachBundle(request.omsBundle, model, warn);
  const linked = request.withModel ? linkWithContent(model) : linkModel(model);
  const facts = await readModelFacts(model, warn, headers);
  const unsafe = describeUnsafe(headers.description.unsafeSerialization);
  if (unsafe !== undefined) warn(unsafe);
  const { bomPath, statements } = request;
  const stated = bomPath === undefined ? statements : await stateFromBom(bomPath, statements, model, warn);
  const built = await buildMetadata({
    model,
    facts,
    statements: {
      ...stated,
      ...(parents.length > 0 && { parents: parents.map(({ tokenId }) => tokenId) }),
      ...(dataset && { datasetDigest: dataset.modelDigest }),
      ...(request.contributorsPath !== undefined && {
        contributors: await readContributorsFile(request.contributorsPath),
      }),
    },
    account: { creator: await signer.getAddress(), chainId: registry.chainId, registry: registry.address },
    signer,
    ...(signedBefore && { signedBefore }),
    ...(request.imagePath !== undefined && { image: await readGivenFile(request.imagePath, IMAGE) }),
    contents: { ...(linked && { model: linked.model }), ...(bundle && { oms: bundle.oms }) },
    attachments: [...(linked ? [linked.links] : []), ...(bundle ? [bundle.file] : [])],
    warn,
  });
  for (const { path, tensors } of parents) {
    if (facts.tensors === undefined || tensors === undefined) continue;
    warnOfContradiction(facts.tensors, { path, tensors }, relationOf(built.metadata.provenance), warn);
  }
  return { model, built };
}

/** What was read of all that a request names. */
export interface HashedRequest {
  readonly model: HashedModel;
  readonly headers: TensorFacts;
  readonly dataset?: HashedModel;
  readonly parents: readonly Parent[];
}

/** Reads everything that was named, each file once: the first half of {@link prepareModel}, with its errors. */
export async function hashForRecord(
  request: PublishRequest,
  { warn, onTotal, onBytes, digest }: PublishContext,
): Promise<HashedRequest> {
  const { ignorePaths = [], withModel = false, hfCache = false, datasetPath } = request;
  const hashing = {
    hfCache,
    lfsPointers: "refuse" as const,
    ...(onTotal && { onTotal }),
    ...(onBytes && { onBytes }),
    ...(digest && { digest }),
  };
  const onInvalid = (error: ProvenanceError) => warn(describeInvalidHeader(error));
  const withCid = withModel || (request.withCid ?? false);
  const options = { ...hashing, ignorePaths, withCid, onInvalid };
  const { model, ...headers } = await hashModelWithTensors(request.modelPath, options);
  model.warnings.forEach((warning) => warn(warning));
  const dataset = datasetPath === undefined ? undefined : await hashModel(datasetPath, hashing);
  const parents = await readParents(request.parents ?? [], hashing);
  return { model, headers, ...(dataset && { dataset }), parents };
}

/** A parent as it was named: where it is a path, with the tensors that lie there. */
export interface Parent {
  readonly tokenId: bigint;
  readonly path: string;
  readonly tensors?: TensorSet;
}

/** Finds the tokens of parents, one after the other: each is read by all cores. */
async function readParents(parents: readonly string[], hashing: Omit<HashModelOptions, "findPieces">) {
  const found: Parent[] = [];
  for (const path of parents) {
    const tokenId = parseTokenId(path);
    if (tokenId !== undefined) {
      found.push({ tokenId, path });
      continue;
    }
    // A parent whose header is malformed is a parent as any other; its tensors are not compared.
    const { model, tensors } = await hashModelWithTensors(path, { ...hashing, onInvalid: () => undefined });
    found.push({ tokenId: BigInt(model.modelDigest), path, ...(tensors && { tensors }) });
  }
  return found;
}

/**
 * Reads a token id as people write it: decimal, 0x-hex, or the path of the model whose token is meant.
 *
 * @param links - whether to follow those of a Hugging Face cache on the way to the model
 * @throws {ProvenanceError} `OPTION_INVALID`, `MODEL_INCOMPLETE` for a path to Git LFS pointers, and as {@link hashModel}
 */
export async function resolveTokenId(text: string, links: { readonly hfCache?: boolean } = {}): Promise<bigint> {
  return parseTokenId(text) ?? BigInt((await hashModel(text, { ...links, lfsPointers: "refuse" })).modelDigest);
}
