import { ZeroAddress } from "ethers";
import { STATUSES, type Status, findRecordedEvent } from "../model-record.ts";
import type { ModelRecord, RecordedEvent } from "../model-record.ts";
import type { Endorsement } from "./registry-index.ts";
import { collectRanges } from "../block-ranges.ts";
import { type ContractCall, callMany } from "../call-many.ts";
import type { EventPlaces } from "../event-places.ts";
import { readHeadBlock } from "./extend-index.ts";
import { type AnyEvent, readLogs } from "../read-events.ts";
import { type Registry, toCaip10 } from "../registry.ts";
import { toHex32 } from "../../base/hex.ts";
import { RELATIONS, type Relation } from "../../model/relation.ts";

/** Something that happened to a token. */
export interface HistoryEntry {
  readonly blockNumber: number;
  readonly transactionHash: string;
}

/** A change of what is said of a model. */
export interface StatusEntry extends HistoryEntry {
  readonly status: Status;
  readonly account: string;
  /** A text of whoever changed it. */
  readonly reason: string;
}

/** A change of hands. The zero address minted it. */
export interface TransferEntry extends HistoryEntry {
  readonly from: string;
  readonly to: string;
}

/** A model that names this one as its parent. */
export interface ChildEntry extends HistoryEntry {
  readonly tokenId: bigint;
  readonly relation: Relation;
}

/** All that happened to a token since it was recorded. */
export interface RecordHistory {
  readonly event: RecordedEvent;
  readonly statuses: readonly StatusEntry[];
  readonly transfers: readonly TransferEntry[];
  readonly children: readonly ChildEntry[];
  /** Children that its owners endorsed, and did not withdraw. */
  readonly endorsements: readonly Endorsement[];
  /** Whether it was read only where an indexer said: every entry is the chain's, and some may be missing. */
  readonly isAsNamed: boolean;
}

/**
 * Reads all that happened to a token: three searches of the events since it was recorded.
 *
 * @param places - where an indexer says that it was; everything is read there, and everywhere where that contradicts the record
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function readHistory(
  registry: Registry,
  record: ModelRecord,
  places?: EventPlaces,
): Promise<RecordHistory> {
  if (places === undefined) return readAll(registry, record, await findRecordedEvent(registry, record));
  // Where the indexer does not name its block, the event is missing.
  const event = await findRecordedEvent(registry, record, places).catch(() => undefined);
  if (event === undefined) return readHistory(registry, record);
  const history = await readAll(registry, record, event, places);
  if (!agrees(history, record)) return readHistory(registry, record);
  return { ...history, endorsements: await stillEndorsed(registry, history.endorsements), isAsNamed: true };
}

async function readAll(
  registry: Registry,
  { tokenId }: ModelRecord,
  event: RecordedEvent,
  places?: EventPlaces,
): Promise<RecordHistory> {
  const topicOf = (
    name: "ModelStatusChanged" | "ModelEndorsed" | "ModelEndorsementWithdrawn" | "ModelFineTuned" | "Transfer",
  ) => registry.contract.interface.getEvent(name).topicHash;
  const id = toHex32(tokenId);
  const read = async (topics: (string | string[] | null)[]) =>
    collectRanges(readLogs(registry, topics, { fromBlock: event.blockNumber, places }));
  const own = await read([
    [topicOf("ModelStatusChanged"), topicOf("ModelEndorsed"), topicOf("ModelEndorsementWithdrawn")],
    id,
  ]);
  const transfers = await read([topicOf("Transfer"), null, null, id]);
  const children = await read([topicOf("ModelFineTuned"), null, id]);
  return {
    event,
    statuses: own.filter(({ name }) => name === "ModelStatusChanged").map(toStatus),
    transfers: transfers.map(toTransfer),
    children: children.map(toChild),
    endorsements: standingEndorsements(own),
    isAsNamed: false,
  };
}

/** Whether what happened leads to what the chain keeps: of what was left out in between nothing can be told. */
function agrees({ statuses, transfers }: RecordHistory, record: ModelRecord): boolean {
  const [first, last] = [transfers[0], transfers.at(-1)];
  const status = statuses.at(-1)?.status ?? STATUSES[0];
  return first?.from === ZeroAddress && last?.to === record.owner && status === record.status;
}

/** Of endorsements those that the chain still keeps: the block of a withdrawal may not have been named. */
async function stillEndorsed(registry: Registry, endorsements: readonly Endorsement[]): Promise<Endorsement[]> {
  const calls = endorsements.map(({ parentId, chainId, registry: address, childId }): ContractCall => {
    return { name: "isEndorsed", args: [parentId, chainId, address, childId] };
  });
  const answers = calls.length === 0 ? [] : await callMany(registry, calls, await readHeadBlock(registry));
  return endorsements.filter((_, i) => answers[i]?.[0] === true);
}

/** The transfer from nobody: how the token came to be. */
export function mintOf({ transfers }: RecordHistory): TransferEntry | undefined {
  return transfers.find(({ from }) => from === ZeroAddress);
}

/** Names a child as people look for it. */
export function nameChild({ chainId, registry, childId }: Endorsement): string {
  return `${toCaip10({ chainId, address: registry })}/${toHex32(childId)}`;
}

function toStatus({ args, blockNumber, transactionHash }: AnyEvent): StatusEntry {
  const status = STATUSES[Number(args["status"])] as Status;
  return { status, account: args["account"] as string, reason: args["reason"] as string, blockNumber, transactionHash };
}

function toTransfer({ args, blockNumber, transactionHash }: AnyEvent): TransferEntry {
  return { from: args["from"] as string, to: args["to"] as string, blockNumber, transactionHash };
}

function toChild({ args, blockNumber, transactionHash }: AnyEvent): ChildEntry {
  const relation = RELATIONS[Number(args["relation"])] as Relation;
  return { tokenId: args["tokenId"] as bigint, relation, blockNumber, transactionHash };
}

function standingEndorsements(events: readonly AnyEvent[]): Endorsement[] {
  const standing = new Map<string, Endorsement>();
  for (const { name, args } of events) {
    if (name === "ModelStatusChanged") continue;
    const endorsement: Endorsement = {
      parentId: args["parentId"] as bigint,
      chainId: args["chainId"] as bigint,
      registry: args["registry"] as string,
      childId: args["childId"] as bigint,
    };
    const key = nameChild(endorsement).toLowerCase();
    if (name === "ModelEndorsed") standing.set(key, endorsement);
    else standing.delete(key);
  }
  return [...standing.values()];
}
