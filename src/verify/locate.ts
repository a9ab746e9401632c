import { ProvenanceError } from "../base/errors.ts";
import { mapAtOnce } from "../base/concurrency.ts";
import type { BlockSource } from "../content/content-store.ts";
import { type ListedBatch, listBatches } from "../registry/batches/list-batches.ts";
import { readModelRecord } from "../registry/model-record.ts";
import { type Registry, toCaip10 } from "../registry/registry.ts";
import { type Deadline, startDeadline, within } from "../base/deadline.ts";
import {
  type Acceptance,
  type ChainEvidence,
  type ClaimReader,
  type LocatedRecord,
  SEARCH_LIMITS,
  type SearchLimits,
  includes,
  isAccepted,
} from "./evidence.ts";
import { findAnchored, findClaimed } from "./find-anchored.ts";
import { isByCurator } from "./recalls.ts";
import { placeOf } from "./report.ts";

/** By which ids records are looked for, and which of them count. */
export interface RecordSearch {
  /** Token ids that the model may have. */
  readonly ids: readonly bigint[];
  /** Whether the verifier named the token: one that is there then counts whoever made it. */
  readonly isNamed: boolean;
  readonly acceptance?: Acceptance | undefined;
  /** The claim of the model at hand, which may hold the proof of its batch. */
  readonly readClaim?: ClaimReader | undefined;
  readonly limits?: SearchLimits | undefined;
}

/** Something that was not looked at, and why. */
export interface Gap {
  readonly what: string;
  readonly why: string;
}

/** All that is recorded of a digest in the registries that are trusted, as far as they could be asked. */
export interface Found {
  /** The earliest first; of one time a token before its batch. */
  readonly records: readonly LocatedRecord[];
  /** Why some places that may hold a record that counts could not be asked. */
  readonly gaps: readonly string[];
  /** What is not known of recalls, for there are batches that could not be asked. */
  readonly recallGaps: readonly Gap[];
  /** Shared by all that would be good to know besides. */
  readonly deadline: Deadline;
}

const MAX_OPTIONAL_REQUESTS = 500;
const BATCH_RECALL = "whether its batch was recalled";
const OTHER_RECALL = "whether a batch that was revoked holds it";
const CALLS_AT_ONCE = 8;
// Whoever runs an indexer could name batches that take long: no time that others need is spent on them.
const MAX_HINTS = 8;
const HINT_MS = 10_000;

/**
 * Finds all that is recorded under a digest: in tokens, and in the anchored batches of all registries. Batches that cannot
 * make anything acceptable are asked for recalls alone, and nobody waits for them longer than the shared deadline.
 *
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE` where no registry answers
 */
export async function locate(evidence: ChainEvidence, search: RecordSearch): Promise<Found> {
  const { registries, unreachable, store } = evidence;
  const { optionalMs, decisiveMs } = search.limits ?? SEARCH_LIMITS;
  const { tokens, failures } = await findTokens(registries, search.ids);
  const token = chooseRecord(tokens, search);
  const isDecided = token !== undefined && (search.isNamed || isAccepted(search.acceptance ?? {}, token));
  const before = isDecided ? token.record.mintedAt : Infinity;
  const deadline = startDeadline(optionalMs);
  const decisive = isDecided ? deadline : startDeadline(decisiveMs);
  const results = await Promise.all(
    registries.map(async (registry) =>
      searchBatches({ registry, store, search, tokens, before, deadline, decisive, isDecided }),
    ),
  );
  const records = [...tokens, ...results.flatMap(({ found }) => found)];
  records.sort((a, b) => a.record.mintedAt - b.record.mintedAt);
  const gaps = [...unreachable, ...failures.map(({ message }) => message), ...results.flatMap((result) => result.gaps)];
  return { records, gaps, recallGaps: results.flatMap(({ recallGaps }) => recallGaps), deadline };
}

/** One record that is known beforehand, where no others are looked for. */
export function foundAlone(located: LocatedRecord, limits: SearchLimits = SEARCH_LIMITS): Found {
  return { records: [located], gaps: [], recallGaps: [], deadline: startDeadline(limits.optionalMs) };
}

/** The record that is judged: of the token that was asked for, else the earliest that is accepted, else the earliest. */
export function chooseRecord(
  records: readonly LocatedRecord[],
  { isNamed, acceptance = {} }: Pick<RecordSearch, "isNamed" | "acceptance">,
): LocatedRecord | undefined {
  const tokens = records.filter(({ batch }) => batch === undefined);
  const candidates = isNamed && tokens.length > 0 ? tokens : records;
  const accepted = candidates.filter((located) => isAccepted(acceptance, located));
  return earliestOf(accepted) ?? earliestOf(candidates);
}

function earliestOf(records: readonly LocatedRecord[]): LocatedRecord | undefined {
  return records.toSorted((a, b) => a.record.mintedAt - b.record.mintedAt)[0];
}

async function findTokens(registries: readonly Registry[], ids: readonly bigint[]) {
  const tokens: LocatedRecord[] = [];
  const failures: ProvenanceError[] = [];
  await Promise.all(
    registries.map(async (registry) => {
      try {
        for (const id of ids) {
          const record = await readModelRecord(registry, id);
          if (record !== undefined) tokens.push({ registry, place: placeOf(registry), record });
        }
      } catch (error) {
        if (!(error instanceof ProvenanceError)) throw error;
        failures.push(error);
      }
    }),
  );
  if (failures.length === registries.length) throw failures[0] as ProvenanceError;
  return { tokens, failures };
}

interface BatchSearch {
  readonly registry: Registry;
  readonly store: BlockSource | undefined;
  readonly search: RecordSearch;
  readonly tokens: readonly LocatedRecord[];
  /** Unix time of the record that counts; infinite where there is none. */
  readonly before: number;
  readonly deadline: Deadline;
  readonly decisive: Deadline;
  readonly isDecided: boolean;
}

type BatchResult = Pick<Found, "gaps" | "recallGaps"> & { readonly found: readonly LocatedRecord[] };

async function searchBatches(context: BatchSearch): Promise<BatchResult> {
  const { registry, store, search, deadline, decisive, isDecided } = context;
  const batches = await tryListBatches(registry, decisive, isDecided);
  if (typeof batches === "string") {
    return { found: [], gaps: [batches], recallGaps: [{ what: BATCH_RECALL, why: batches }] };
  }
  if (batches.length === 0) return { found: [], gaps: [], recallGaps: [] };
  const claim = await search.readClaim?.();
  const claimed = claim && findClaimed(registry, batches, search.ids, claim);
  const claimCounts = claimed !== undefined && isAccepted(search.acceptance ?? {}, claimed);
  const hinted = claimCounts ? [] : await findHinted(batches, context);
  const known = [...(claimed ? [claimed] : []), ...hinted];
  const counting = known.filter((located) => isAccepted(search.acceptance ?? {}, located));
  const counts = counting.length > 0;
  const before = Math.min(context.before, ...counting.map(({ record }) => record.mintedAt));
  const others = batches.filter((batch) => !known.some((located) => located.batch === batch));
  const live = others.filter((batch) => isLive(batch, search, registry) && batch.anchoredAt < before);
  const recalled = await listRecalled(others, context);
  const [asked, suspects] = await Promise.all([
    findAnchored(registry, live, search.ids, store, counts ? deadline : decisive),
    findAnchored(
      registry,
      recalled.filter((batch) => !live.includes(batch)),
      search.ids,
      store,
      deadline,
    ),
  ]);
  const found = [...asked, ...suspects].flatMap(({ answer }) => (typeof answer === "string" ? [] : answer));
  const whyNot = suspects.flatMap(({ batch, answer }) => {
    const what = isOwn(batch, context) ? BATCH_RECALL : OTHER_RECALL;
    return typeof answer === "string" ? [{ what, why: answer }] : [];
  });
  return {
    found: [...known, ...found],
    gaps: asked.flatMap(({ answer }) => (typeof answer === "string" ? [answer] : [])),
    recallGaps: whyNot,
  };
}

/**
 * Asks the batches that the registry's indexer names, before all others are. What it says decides nothing: a batch that
 * does not hold the model has no proof of it, and one that is not named is asked all the same.
 */
async function findHinted(batches: readonly ListedBatch[], context: BatchSearch): Promise<LocatedRecord[]> {
  const { registry, search, store } = context;
  const { indexer } = registry;
  if (indexer === undefined) return [];
  const answers = await Promise.all(search.ids.map(async (id) => indexer.findBatches(id)));
  const roots = new Set(answers.flatMap((found) => (found ?? []).map(({ root }) => root)));
  const named = batches.filter((batch) => roots.has(batch.root) && isLive(batch, search, registry));
  const asked = await findAnchored(registry, named.slice(0, MAX_HINTS), search.ids, store, startDeadline(HINT_MS));
  return asked.flatMap(({ answer }) => (typeof answer === "string" ? [] : answer));
}

/** Lists the batches of a registry, as far as it lets itself be asked. */
async function tryListBatches(
  registry: Registry,
  deadline: Deadline,
  isOptional: boolean,
): Promise<readonly ListedBatch[] | string> {
  try {
    const options = isOptional ? { maxRequests: MAX_OPTIONAL_REQUESTS } : {};
    return await within(deadline, async () => listBatches(registry, options));
  } catch (error) {
    if (!(error instanceof ProvenanceError)) throw error;
    return `The batches of ${toCaip10(registry)} could not be listed. ${error.message}`;
  }
}

/** A batch that may hold a record that counts: a revoked one cannot, nor one of somebody who is not accepted. */
function isLive({ status, creator }: ListedBatch, { acceptance = {} }: RecordSearch, registry: Registry): boolean {
  return (
    status !== "revoked" &&
    includes(acceptance.creators, creator) &&
    includes(acceptance.registries, toCaip10(registry))
  );
}

/** The batch that a token was minted from, as far as can be told without asking it. */
function isOwn({ creator, anchoredAt }: ListedBatch, { tokens, registry }: BatchSearch): boolean {
  return tokens.some(
    (token) => token.registry === registry && token.record.creator === creator && token.record.mintedAt === anchoredAt,
  );
}

/**
 * The batches whose recall would count: those that a token came from first, and then all that were revoked. Where creators
 * are named, of other accounts only those that a curator revoked.
 */
async function listRecalled(batches: readonly ListedBatch[], context: BatchSearch): Promise<ListedBatch[]> {
  const { search, registry, tokens, deadline } = context;
  const own = batches.filter((batch) => batch.status !== "active" && isOwn(batch, context));
  const revoked = batches.filter((batch) => batch.status === "revoked" && !own.includes(batch));
  const creators = search.acceptance?.creators && [
    ...search.acceptance.creators,
    ...tokens.map(({ record }) => record.creator),
  ];
  const wanted = await mapAtOnce(revoked, CALLS_AT_ONCE, async (batch) => {
    if (includes(creators, batch.creator)) return [batch];
    return (await isByCurator(registry, batch, batch.statement, deadline)) === false ? [] : [batch];
  });
  return [...own, ...wanted.flat()];
}
