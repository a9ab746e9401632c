import type { Result } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import { RELATIONS, type Relation } from "../../model/relation.ts";
import { type ContractCall, callMany } from "../call-many.ts";
import { describeNamed } from "../indexer/indexer-client.ts";
import { readHeadBlock } from "./extend-index.ts";
import { STATUSES, type Status } from "../model-record.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import {
  type Endorsement,
  type IndexedModel,
  type RegistryIndex,
  createRegistryIndex,
  endorsementKey,
} from "./registry-index.ts";

/** What a registry says of the models that an indexer named, and what cannot be known without its events. */
export interface CandidateIndex {
  readonly index: RegistryIndex;
  readonly gaps: readonly string[];
}

const MAX_MODELS = 10_000;

/**
 * Adds models to such an index, and all their ancestors that are not in it.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, also for more than 10 000 models
 */
export async function addCandidates(registry: Registry, index: RegistryIndex, ids: Iterable<bigint>): Promise<void> {
  const block = index.nextBlock - 1;
  const known = new Set(index.models.keys());
  await addModels(registry, index, new Set(ids), block);
  const links = linksOf(registry, index).filter(({ childId }) => !known.has(childId));
  await addEndorsements(registry, index, links, block);
}

/**
 * Reads a model and those that its registry's indexer names above and below it from the chain, all at one block. Ancestors
 * are complete whatever the indexer said, for each model names its parents; descendants are those that it named, as far as
 * the chain agrees.
 *
 * @returns undefined where there is no indexer, or it does not answer
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`, also for more than 10 000 models
 */
export async function readCandidateIndex(registry: Registry, tokenId: bigint): Promise<CandidateIndex | undefined> {
  const { indexer } = registry;
  const place = toCaip10(registry);
  const named = await indexer?.findLineage(place, tokenId);
  if (indexer === undefined || named === undefined) return undefined;
  const head = await readHeadBlock(registry);
  const index = createRegistryIndex(head + 1);
  await addModels(registry, index, new Set([tokenId, ...named.ids]), head);
  const elsewhere = index.models.has(tokenId) ? ((await indexer.findEndorsed(place, tokenId)) ?? []) : [];
  await addEndorsements(registry, index, [...linksOf(registry, index), ...elsewhereOf(tokenId, elsewhere)], head);
  const more = named.truncated ? ", and it left some out" : "";
  const gap = describeNamed(indexer, "Descendants", more);
  return { index, gaps: index.models.has(tokenId) ? [gap] : [] };
}

/** Adds models, and all their ancestors that are not among them. */
async function addModels(
  registry: Registry,
  index: RegistryIndex,
  wanted: ReadonlySet<bigint>,
  block: number,
): Promise<void> {
  const asked = new Set<bigint>();
  for (let ids = [...wanted]; ids.length > 0;) {
    for (const id of ids) asked.add(id);
    if (asked.size > MAX_MODELS) {
      throw new ProvenanceError(
        "CHAIN_UNREACHABLE",
        `The lineage has more than ${MAX_MODELS} models: it was not read.`,
      );
    }
    const answers = await callMany(registry, ids.map(toCall), block);
    const parents: bigint[] = [];
    answers.forEach((answer, i) => {
      if (answer === undefined) return;
      const model = toModel(ids[i] as bigint, answer);
      index.models.set(model.tokenId, model);
      parents.push(...model.parents);
    });
    ids = [...new Set(parents)].filter((id) => !asked.has(id));
  }
}

async function addEndorsements(
  registry: Registry,
  index: RegistryIndex,
  candidates: readonly Endorsement[],
  block: number,
): Promise<void> {
  const calls = candidates.map(({ parentId, chainId, registry: address, childId }): ContractCall => {
    return { name: "isEndorsed", args: [parentId, chainId, address, childId] };
  });
  const answers = await callMany(registry, calls, block);
  candidates.forEach((candidate, i) => {
    if (answers[i]?.[0] === true) index.endorsements.set(endorsementKey(candidate), candidate);
  });
}

/** The links between the models that were read. */
function linksOf({ chainId, address }: Registry, { models }: RegistryIndex): Endorsement[] {
  return [...models.values()].flatMap(({ tokenId: childId, parents }) =>
    parents.map((parentId) => ({ parentId, chainId, registry: address, childId })),
  );
}

function elsewhereOf(
  parentId: bigint,
  children: readonly { readonly registry: string; readonly tokenId: bigint }[],
): Endorsement[] {
  return children.map(({ registry, tokenId: childId }) => {
    const [, chainId, address] = registry.split(":") as [string, string, string];
    return { parentId, chainId: BigInt(chainId), registry: address, childId };
  });
}

function toCall(id: bigint): ContractCall {
  return { name: "getModelData", args: [id] };
}

function toModel(tokenId: bigint, [data]: Result): IndexedModel {
  const record = data as Result;
  return {
    tokenId,
    creator: record["creator"] as string,
    mintedAt: Number(record["mintedAt"]),
    relation: RELATIONS[Number(record["relation"])] as Relation,
    status: STATUSES[Number(record["status"])] as Status,
    parents: [...(record["parents"] as bigint[])],
    datasetDigest: record["datasetDigest"] as Hex,
    metadataDigest: record["metadataDigest"] as Hex,
    framework: record["framework"] as string,
    license: record["license"] as string,
    performanceMetrics: record["performanceMetrics"] as string,
    owners: [],
  };
}
