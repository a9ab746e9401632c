import { mapAtOnce } from "../base/concurrency.ts";
import { toHex32 } from "../base/hex.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type RecordHistory, readHistory } from "../registry/lineage/record-history.ts";
import type { ModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type StatusStatement, readStatus } from "../registry/statuses.ts";
import type { LocatedRecord } from "../verify/evidence.ts";
import { orElse } from "../verify/findings.ts";
import type { ExportedModel } from "./exported-model.ts";
import { nameRelative } from "./read-relatives.ts";

const CALLS_AT_ONCE = 8;
const MAX_CHILDREN = 100;

/** Reads what was said of a record, with the times of the blocks, and which tokens say that they came from it. */
export async function readHistoryOf(
  { registry, record, batch }: LocatedRecord,
  store: BlockSource | undefined,
  note: (message: string) => void,
): Promise<Pick<ExportedModel, "statements" | "children">> {
  if (batch !== undefined) return { statements: batch.statement ? [batch.statement] : [], children: [] };
  const { owner } = record;
  if (registry === undefined || owner === undefined) return { statements: [], children: [] };
  const history = await orElse(async () => readHistory(registry, { ...record, owner } satisfies ModelRecord), note);
  // Without events there is still what was said last, which the contract keeps.
  const last = await orElse(async () => readStatus(registry, record.tokenId), note);
  if (history === undefined) return { statements: last ? [last] : [], children: [] };
  const statements = await orElse(async () => readTimes(registry, history), note);
  const named = history.children.slice(0, MAX_CHILDREN);
  if (named.length < history.children.length) {
    note(`Of ${history.children.length} children the first ${MAX_CHILDREN} are named.`);
  }
  const children = await mapAtOnce(named, CALLS_AT_ONCE, async ({ tokenId, relation }) =>
    nameRelative({ registry: toCaip10(registry), tokenId: toHex32(tokenId), relation }, registry, store, note),
  );
  return { statements: withLast(statements ?? [], last), children };
}

/** A token that was minted from its batch took over what was said of that, which no event of its own tells. */
function withLast(statements: readonly StatusStatement[], last: StatusStatement | undefined): StatusStatement[] {
  const isThere = statements.some(({ time, account, status }) => {
    return time === last?.time && account === last.account && status === last.status;
  });
  const all = last === undefined || isThere ? [...statements] : [...statements, last];
  return all.sort((a, b) => a.time - b.time);
}

async function readTimes({ provider }: Registry, { statuses }: RecordHistory): Promise<StatusStatement[]> {
  const read = await mapAtOnce(statuses, CALLS_AT_ONCE, async ({ status, account, reason, blockNumber }) => {
    const block = await provider.getBlock(blockNumber);
    return block === null ? [] : [{ status, account, reason, time: block.timestamp }];
  });
  return read.flat();
}
