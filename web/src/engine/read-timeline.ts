import {
  type RecordHistory,
  ProvenanceError,
  type Registry,
  explorerLinks,
  mintOf,
  readHistory,
  readModelRecord,
  toHex32,
} from "model-provenance-nft/core";
import { openOne } from "./sources.ts";

/** Something that happened to a token, as it is told. */
export interface TimelineEntry {
  readonly kind: "recorded" | "active" | "deprecated" | "revoked" | "transfer" | "child";
  readonly blockNumber: number;
  /** Unix time in seconds; absent where the node has no such block. */
  readonly time?: number;
  /** Who did it; absent where the event does not tell. */
  readonly account?: string;
  /** Who has it since, for a transfer and for the record. */
  readonly to?: string;
  /** A stranger's words, for a status. */
  readonly reason?: string;
  /** The token that came from it, 0x-hex, and how. */
  readonly child?: { readonly tokenId: string; readonly relation: string };
  /** Of the transaction, in an explorer of the chain. */
  readonly link?: string;
}

/** What happened, oldest first, and how much was left out. */
export interface Timeline {
  readonly entries: readonly TimelineEntry[];
  readonly omitted: number;
}

const MAX_CHILDREN = 50;
const MAX_BLOCKS = 100;

/**
 * Reads all that happened to a token from the events of its registry.
 *
 * @returns undefined for a model that has no token
 * @throws {ProvenanceError} `REGISTRY_NOT_CONFIGURED`, `CHAIN_UNREACHABLE`
 */
export async function readTimeline(account: string, tokenId: bigint): Promise<Timeline | undefined> {
  const { registry } = await openOne(account);
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) return undefined;
  const history = await readHistory(registry, record);
  const entries = listEntries(registry, record.creator, history);
  const times = await readTimes(registry, entries);
  return {
    entries: entries.map((entry) => {
      const time = times.get(entry.blockNumber);
      return time === undefined ? entry : { ...entry, time };
    }),
    omitted: Math.max(0, history.children.length - MAX_CHILDREN),
  };
}

function listEntries({ chainId }: Registry, creator: string, history: RecordHistory): TimelineEntry[] {
  const { event, statuses, transfers, children } = history;
  const place = ({ blockNumber, transactionHash }: { blockNumber: number; transactionHash: string }) => {
    const link = explorerLinks.transaction(chainId, transactionHash);
    return { blockNumber, ...(link !== undefined && { link }) };
  };
  const mint = mintOf(history);
  const to = mint?.to;
  return [
    { kind: "recorded" as const, ...place(event), account: creator, ...(to !== undefined && { to }) },
    ...statuses.map((one) => ({ kind: one.status, ...place(one), account: one.account, reason: one.reason })),
    ...transfers
      .filter((one) => one !== mint)
      .map((one) => ({ kind: "transfer" as const, ...place(one), account: one.from, to: one.to })),
    ...children.slice(0, MAX_CHILDREN).map((one) => ({
      kind: "child" as const,
      ...place(one),
      child: { tokenId: toHex32(one.tokenId), relation: one.relation },
    })),
  ].sort((a, b) => a.blockNumber - b.blockNumber);
}

async function readTimes({ provider }: Registry, entries: readonly TimelineEntry[]): Promise<Map<number, number>> {
  const blocks = [...new Set(entries.map(({ blockNumber }) => blockNumber))].slice(0, MAX_BLOCKS);
  const times = await Promise.all(
    blocks.map(async (number) => {
      const block = await provider.getBlock(number).catch((error: unknown) => {
        if (error instanceof ProvenanceError) return null; // it is told without its time
        throw error;
      });
      return block === null ? [] : [[number, block.timestamp] as const];
    }),
  );
  return new Map(times.flat());
}
