import { ZeroAddress } from "ethers";
import { type Hex } from "../../base/hex.ts";
import { RELATIONS, type Relation } from "../../model/relation.ts";
import { toChainError } from "../chain-error.ts";
import { STATUSES, type Status } from "../model-record.ts";
import { type AnyEvent, type ReadEventsOptions, readLogs } from "../read-events.ts";
import type { Registry } from "../registry.ts";

/** Who held a token from which block on. */
export interface OwnerSince {
  readonly owner: string;
  readonly blockNumber: number;
}

/** All that a registry's events say of one model. */
export interface IndexedModel {
  readonly tokenId: bigint;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly mintedAt: number;
  readonly relation: Relation;
  readonly parents: readonly bigint[];
  readonly datasetDigest: Hex;
  readonly metadataDigest: Hex;
  readonly framework: string;
  readonly license: string;
  readonly performanceMetrics: string;
  readonly version: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
  status: Status;
  /** Oldest first; the last one owns it now. */
  readonly owners: OwnerSince[];
}

/** A child that the owner of a parent endorsed, here or elsewhere. */
export interface Endorsement {
  readonly parentId: bigint;
  readonly chainId: bigint;
  readonly registry: string;
  readonly childId: bigint;
}

/** What a registry's events say, up to a block. */
export interface RegistryIndex {
  readonly models: Map<bigint, IndexedModel>;
  /** By {@link endorsementKey}. */
  readonly endorsements: Map<string, Endorsement>;
  /** The first block that is not in it. */
  nextBlock: number;
}

/** An index that holds nothing. @param startBlock - the registry's first */
export function createRegistryIndex(startBlock = 0): RegistryIndex {
  return { models: new Map(), endorsements: new Map(), nextBlock: startBlock };
}

/** What names an endorsement. */
export function endorsementKey({ parentId, chainId, registry, childId }: Endorsement): string {
  return `${parentId}:${chainId}:${registry.toLowerCase()}:${childId}`;
}

const EVENTS = [
  "ProvenanceDataRecorded",
  "ModelStatusChanged",
  "ModelEndorsed",
  "ModelEndorsementWithdrawn",
  "Transfer",
] as const;

/**
 * Brings an index up to a block: one pass over the events, in ranges that the node allows.
 *
 * @param onRange - called after each range; what is in the index then may be kept, and gone on with later
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`; the index then holds all blocks before its `nextBlock`
 */
export async function extendRegistryIndex(
  registry: Registry,
  index: RegistryIndex,
  toBlock: number,
  onRange?: (index: RegistryIndex) => Promise<void>,
): Promise<void> {
  const topics = [EVENTS.map((name) => registry.contract.interface.getEvent(name).topicHash)];
  const options: ReadEventsOptions = { fromBlock: index.nextBlock, toBlock };
  for await (const range of readLogs(registry, topics, options)) {
    for (const event of range.items) applyEvent(index, event);
    index.nextBlock = range.toBlock + 1;
    await onRange?.(index);
  }
}

/** The number of the newest block. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readHeadBlock({ provider, contract }: Registry): Promise<number> {
  return provider.getBlockNumber().catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}

/** The hash of a block; undefined where the node has none. @throws {ProvenanceError} `CHAIN_UNREACHABLE` */
export async function readBlockHash({ provider, contract }: Registry, block: number): Promise<string | undefined> {
  const found = await provider.getBlock(block).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  return found?.hash ?? undefined;
}

function applyEvent(index: RegistryIndex, event: AnyEvent): void {
  const { args, blockNumber } = event;
  switch (event.name as (typeof EVENTS)[number]) {
    case "ProvenanceDataRecorded": {
      const model = readModel(event);
      index.models.set(model.tokenId, model);
      return;
    }
    case "ModelStatusChanged": {
      const model = index.models.get(args["tokenId"] as bigint);
      if (model !== undefined) model.status = STATUSES[Number(args["status"])] as Status;
      return;
    }
    case "Transfer": {
      const owner = args["to"] as string;
      if (owner !== ZeroAddress) index.models.get(args["tokenId"] as bigint)?.owners.push({ owner, blockNumber });
      return;
    }
    case "ModelEndorsed": {
      const endorsement = readEndorsement(event);
      index.endorsements.set(endorsementKey(endorsement), endorsement);
      return;
    }
    case "ModelEndorsementWithdrawn":
      index.endorsements.delete(endorsementKey(readEndorsement(event)));
  }
}

function readModel({ args, blockNumber, transactionHash }: AnyEvent): IndexedModel {
  return {
    tokenId: args["tokenId"] as bigint,
    creator: args["creator"] as string,
    mintedAt: Number(args["mintedAt"]),
    relation: RELATIONS[Number(args["relation"])] as Relation,
    parents: [...(args["parents"] as bigint[])],
    datasetDigest: args["datasetDigest"] as Hex,
    metadataDigest: args["metadataDigest"] as Hex,
    framework: args["framework"] as string,
    license: args["license"] as string,
    performanceMetrics: args["performanceMetrics"] as string,
    version: args["version"] as string,
    blockNumber,
    transactionHash,
    status: "active",
    owners: [],
  };
}

function readEndorsement({ args }: AnyEvent): Endorsement {
  return {
    parentId: args["parentId"] as bigint,
    chainId: args["chainId"] as bigint,
    registry: args["registry"] as string,
    childId: args["childId"] as bigint,
  };
}
