import { type ListedBatch, listBatches } from "../registry/batches/list-batches.ts";
import { type RecordedEvent, findRecordedEvent, readModelRecord } from "../registry/model-record.ts";
import type { ReadEventsOptions } from "../registry/read-events.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { ProvenanceError } from "../base/errors.ts";
import { readClaim } from "../model/claim.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type AnchoredSearch, type LocatedRecord, findAnchored, findClaimed } from "./find-anchored.ts";
import type { Findings } from "./report.ts";

/** Where records are looked for, and by which ids. */
export interface RecordSearch {
  readonly registries: readonly Registry[];
  readonly unreachable: readonly string[];
  /** For the folders of batches. */
  readonly store: BlockSource;
  /** Token ids that the model may have. */
  readonly ids: readonly bigint[];
  /** The model at hand, whose claim may hold the proof of its batch; one that is not on this machine has none. */
  readonly model: { readonly path: string; readonly kind: "file" | "folder"; readonly isRemote?: boolean };
  readonly hfCache?: boolean;
}

/** The batches of a registry, or one sentence on why they could not be listed. */
export type BatchList = readonly ListedBatch[] | string;

/** Records of one digest. */
export interface FoundRecords {
  /** The earliest first. */
  readonly records: readonly LocatedRecord[];
  /** Why some places that may hold a record could not be asked. */
  readonly gaps: readonly string[];
  readonly batches: ReadonlyMap<Registry, BatchList>;
}

/** Requests for what would be good to know besides, not for the verdict. */
export const MAX_OPTIONAL_REQUESTS = 500;
const EARLIER_RECORD = "whether there is an earlier record";

/**
 * Finds what is recorded under a digest: in tokens, and in the anchored batches of all registries.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` where no registry answers
 */
export async function findRecords(search: RecordSearch, findings: Findings): Promise<FoundRecords> {
  const { registries, unreachable, ids } = search;
  const { tokens, failures } = await findTokens(registries, ids);
  const gaps = [...unreachable, ...failures.map(({ message }) => message)];
  const earliest = Math.min(Infinity, ...tokens.map(({ record }) => record.mintedAt));
  const searches = await Promise.all(registries.map(async (registry) => searchBatches(search, registry, earliest)));
  const unread = searches.flatMap((result) => result.unread);
  const records = [...tokens, ...searches.flatMap(({ found }) => found)];
  if (records.length > 0) for (const why of [...gaps, ...unread]) findings.skip(EARLIER_RECORD, why);
  records.sort((a, b) => a.record.mintedAt - b.record.mintedAt);
  const batches = new Map(registries.map((registry, i) => [registry, searches[i]?.batches ?? []] as const));
  return { records, gaps: [...gaps, ...unread], batches };
}

/** The event with which a record was made. Errors as {@link findRecordedEvent}. */
export async function readEventOf({ registry, record, event }: LocatedRecord): Promise<RecordedEvent> {
  return event ?? findRecordedEvent(registry, record);
}

/** Lists the batches of a registry, as far as it lets itself be asked. */
export async function tryListBatches(registry: Registry, options: ReadEventsOptions): Promise<BatchList> {
  try {
    return await listBatches(registry, options);
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return `The batches of ${toCaip10(registry)} could not be listed. ${error.message}`;
  }
}

async function findTokens(registries: readonly Registry[], ids: readonly bigint[]) {
  const tokens: LocatedRecord[] = [];
  const failures: ProvenanceError[] = [];
  const ask = async (registry: Registry) => {
    try {
      for (const id of ids) {
        const record = await readModelRecord(registry, id);
        if (record !== undefined) tokens.push({ registry, record });
      }
    } catch (error) {
      if (!(error instanceof ProvenanceError)) throw error;
      failures.push(error);
    }
  };
  await Promise.all(registries.map(ask));
  if (failures.length === registries.length) throw failures[0] as ProvenanceError;
  return { tokens, failures };
}

/** Looks into the batches that are older than what is known already. */
async function searchBatches(
  search: RecordSearch,
  registry: Registry,
  before: number,
): Promise<AnchoredSearch & { readonly batches: BatchList }> {
  const isDecisive = before === Infinity;
  const batches = await tryListBatches(registry, isDecisive ? {} : { maxRequests: MAX_OPTIONAL_REQUESTS });
  if (typeof batches === "string") return { found: [], unread: [batches], batches };
  const older = batches.filter(({ anchoredAt }) => anchoredAt < before);
  if (older.length === 0) return { found: [], unread: [], batches };
  const { model, ids, store, hfCache = false } = search;
  const claim = model.isRemote ? undefined : await readClaim(model.path, model.kind, { hfCache });
  const claimed = claim && findClaimed(registry, older, ids, claim);
  // An older batch than the claimed one may hold the model as well.
  const left = claimed ? older.filter(({ anchoredAt }) => anchoredAt < claimed.record.mintedAt) : older;
  const { found, unread } = await findAnchored(registry, left, ids, store);
  return { found: claimed ? [claimed, ...found] : found, unread, batches };
}
