import { ZeroAddress } from "ethers";
import type { Hex } from "../../base/hex.ts";
import { RELATIONS, type Relation } from "../../model/relation.ts";
import type { RangeResult } from "../block-ranges.ts";
import { toChainError } from "../chain-error.ts";
import { STATUSES, type Status } from "../model-record.ts";
import { type AnyEvent, type ReadEventsOptions, readLogs } from "../read-events.ts";
import type { Registry } from "../registry.ts";
import {
  type Endorsement,
  type IndexEvent,
  type IndexedModel,
  type RegistryIndex,
  applyIndexEvent,
} from "./registry-index.ts";

const EVENTS = [
  "ProvenanceDataRecorded",
  "ModelStatusChanged",
  "ModelEndorsed",
  "ModelEndorsementWithdrawn",
  "Transfer",
] as const;

/**
 * Reads all that changes an index, in the order of the chain, in ranges that the node allows.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function* readIndexEvents(
  registry: Registry,
  options: ReadEventsOptions = {},
): AsyncGenerator<RangeResult<IndexEvent>, void> {
  const topics = [EVENTS.map((name) => registry.contract.interface.getEvent(name).topicHash)];
  for await (const range of readLogs(registry, topics, options)) {
    yield { ...range, items: range.items.flatMap(toIndexEvents) };
  }
}

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
  for await (const range of readIndexEvents(registry, { fromBlock: index.nextBlock, toBlock })) {
    for (const event of range.items) applyIndexEvent(index, event);
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

function toIndexEvents(event: AnyEvent): IndexEvent[] {
  const { args, blockNumber } = event;
  const tokenId = args["tokenId"] as bigint;
  switch (event.name as (typeof EVENTS)[number]) {
    case "ProvenanceDataRecorded":
      return [{ kind: "model", model: readModel(event) }];
    case "ModelStatusChanged":
      return [{ kind: "status", tokenId, status: STATUSES[Number(args["status"])] as Status }];
    case "Transfer": {
      const owner = compact(args["to"] as string);
      return owner === ZeroAddress ? [] : [{ kind: "owner", tokenId, since: { owner, blockNumber } }];
    }
    case "ModelEndorsed":
      return [{ kind: "endorsed", endorsement: readEndorsement(event) }];
    case "ModelEndorsementWithdrawn":
      return [{ kind: "withdrawn", endorsement: readEndorsement(event) }];
  }
}

function readModel({ args, blockNumber, transactionHash }: AnyEvent): IndexedModel {
  const textOf = (name: string) => compact(args[name] as string);
  return {
    tokenId: args["tokenId"] as bigint,
    creator: textOf("creator"),
    mintedAt: Number(args["mintedAt"]),
    relation: RELATIONS[Number(args["relation"])] as Relation,
    parents: [...(args["parents"] as bigint[])],
    datasetDigest: textOf("datasetDigest") as Hex,
    metadataDigest: textOf("metadataDigest") as Hex,
    framework: textOf("framework"),
    license: textOf("license"),
    performanceMetrics: textOf("performanceMetrics"),
    version: textOf("version"),
    blockNumber,
    transactionHash,
    status: "active",
    owners: [],
  };
}

/** ethers puts a text together piece by piece, and V8 keeps all of these: of an index, half its memory. */
function compact(text: string): string {
  return JSON.parse(JSON.stringify(text)) as string;
}

function readEndorsement({ args }: AnyEvent): Endorsement {
  return {
    parentId: args["parentId"] as bigint,
    chainId: args["chainId"] as bigint,
    registry: args["registry"] as string,
    childId: args["childId"] as bigint,
  };
}
