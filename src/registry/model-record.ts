import { ProvenanceError } from "../base/errors.ts";
import { type Hex, toHex32 } from "../base/hex.ts";
import { RELATIONS, type Relation } from "../model/relation.ts";
import { collectRanges } from "./block-ranges.ts";
import { decodeRevert, toChainError } from "./chain-error.ts";
import type { EventPlaces } from "./event-places.ts";
import { firstBlockAt, readEvents } from "./read-events.ts";
import type { Registry } from "./registry.ts";
import { STATUSES, type Status } from "./status-words.ts";

export { STATUSES, type Status } from "./status-words.ts";

/** What the chain keeps of a model. */
export interface ModelRecord {
  readonly tokenId: bigint;
  readonly owner: string;
  readonly creator: string;
  /** Unix time in seconds. */
  readonly mintedAt: number;
  readonly relation: Relation;
  readonly status: Status;
  readonly parents: readonly bigint[];
  readonly datasetDigest: Hex;
  readonly metadataDigest: Hex;
  readonly framework: string;
  readonly license: string;
  readonly performanceMetrics: string;
}

/** What was emitted when a model was recorded, and not stored. */
export interface RecordedEvent {
  readonly manifestRoot: Hex;
  readonly weightsDigest: Hex;
  readonly version: string;
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/**
 * Reads the record of a token.
 *
 * @returns undefined when there is no such token
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readModelRecord(registry: Registry, tokenId: bigint): Promise<ModelRecord | undefined> {
  try {
    const [data, owner] = await Promise.all([
      registry.contract.getModelData(tokenId),
      registry.contract.ownerOf(tokenId),
    ]);
    return {
      tokenId,
      owner,
      creator: data.creator,
      mintedAt: Number(data.mintedAt),
      relation: RELATIONS[Number(data.relation)] as Relation,
      status: STATUSES[Number(data.status)] as Status,
      parents: [...data.parents],
      datasetDigest: data.datasetDigest as Hex,
      metadataDigest: data.metadataDigest as Hex,
      framework: data.framework,
      license: data.license,
      performanceMetrics: data.performanceMetrics,
    };
  } catch (error) {
    if (decodeRevert(error, registry.contract.interface)?.name === "ERC721NonexistentToken") return undefined;
    throw toChainError(error, registry.contract.interface);
  }
}

/**
 * Tells whether there is a token, by one call: what it holds is not read.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function isRecorded({ contract, provider, address }: Registry, tokenId: bigint): Promise<boolean> {
  try {
    const data = contract.interface.encodeFunctionData("ownerOf", [tokenId]);
    contract.interface.decodeFunctionResult("ownerOf", await provider.call({ to: address, data }));
    return true;
  } catch (error) {
    if (decodeRevert(error, contract.interface)?.name === "ERC721NonexistentToken") return false;
    throw toChainError(error, contract.interface);
  }
}

/**
 * Finds the event with which a token was recorded. Where a node refuses to search all blocks at once, the search begins
 * at the time of the record and goes on from there: a token of an anchored batch is younger than its record.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` if the node does not answer or has lost the event
 */
export async function findRecordedEvent(
  registry: Registry,
  record: Pick<ModelRecord, "tokenId" | "mintedAt">,
  places?: EventPlaces,
): Promise<RecordedEvent> {
  const { contract } = registry;
  const filter = contract.filters.ProvenanceDataRecorded(record.tokenId);
  const startWhenRefused = async () => firstBlockAt(registry, record.mintedAt);
  for await (const { items } of readEvents(registry, filter, { startWhenRefused, places })) {
    const [event] = items;
    if (event === undefined) continue;
    const { manifestRoot, weightsDigest, version } = event.args;
    const { blockNumber, transactionHash } = event;
    return {
      manifestRoot: manifestRoot as Hex,
      weightsDigest: weightsDigest as Hex,
      version,
      blockNumber,
      transactionHash,
    };
  }
  throw new ProvenanceError(
    "CHAIN_UNREACHABLE",
    `The node does not return the event of token ${toHex32(record.tokenId)}. Ask one that keeps old events.`,
  );
}

/**
 * Finds the tokens whose weight files are exactly these, oldest first. Empty for the zero digest.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function findTokensByWeights(registry: Registry, weightsDigest: Hex): Promise<bigint[]> {
  if (BigInt(weightsDigest) === 0n) return [];
  const filter = registry.contract.filters.ProvenanceDataRecorded(undefined, undefined, weightsDigest);
  const events = await collectRanges(readEvents(registry, filter));
  return events.map(({ args }) => args.tokenId);
}
