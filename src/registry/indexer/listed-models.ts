import { getAddress } from "ethers";
import { z } from "zod";
import type { Hex } from "../../base/hex.ts";
import { RELATIONS, type Relation } from "../../model/relation.ts";
import type { IndexedModel } from "../lineage/registry-index.ts";
import { STATUSES, type Status } from "../status-words.ts";

/** Models that an indexer lists, in the order in which it says that they were recorded. */
export type OnModels = (models: readonly IndexedModel[]) => void;

interface Indexer {
  /** Undefined where it does not answer. */
  readonly ask: <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    body?: object,
  ) => Promise<z.infer<Schema> | undefined>;
  /** Says why it is asked no more. */
  readonly refuse: (reason: string) => void;
}

const PAGE = 1000;
const MAX_PAGES = 2000;
// What the record on the chain holds, too: nothing is listed that could not be compared with it.
const FIELDS = `id creator mintedAt relation status datasetDigest metadataDigest framework license performanceMetrics
  block logIndex`;
// That a page begins at the time at which the last one ended follows from its cursor; only with it the indexer's database does
// not go through all that was listed before.
const QUERY = `query ($chain: Int, $registry: String, $after: String, $from: BigInt) { models(where: { chainId: $chain,
  registry: $registry, mintedAt_gte: $from }, orderBy: "mintedAt", limit: ${PAGE}, after: $after) { items { ${FIELDS} } pageInfo { hasNextPage endCursor } } }`;

const hex32 = z.string().regex(/^0x[0-9a-f]{64}$/);
const number = z.union([z.number(), z.string().regex(/^\d{1,15}$/)]).transform(Number);
const text = z.string().max(10_000);
const itemSchema = z.object({
  id: z.string().regex(/^\d{1,78}$/),
  creator: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  mintedAt: number,
  relation: z
    .number()
    .refine((one) => one in RELATIONS)
    .transform((one) => RELATIONS[one] as Relation),
  status: z
    .number()
    .refine((one) => one in STATUSES)
    .transform((one) => STATUSES[one] as Status),
  datasetDigest: hex32,
  metadataDigest: hex32,
  framework: text,
  license: text,
  performanceMetrics: text,
  block: number,
  logIndex: z.number(),
});
const pageSchema = z.object({
  data: z.object({
    models: z.object({
      items: z.array(itemSchema).max(PAGE),
      pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
    }),
  }),
});
const statusSchema = z.object({
  chains: z.array(
    z.object({
      chain: z.string(),
      block: z.number().int().nonnegative(),
      registries: z.array(z.string()),
      replaced: z.unknown().optional(),
    }),
  ),
});

/**
 * Lists the models of a registry page by page, up to the block that the indexer says it has read.
 *
 * @param registry - CAIP-10
 * @returns that block; undefined where the indexer does not answer, or does not know the registry
 */
export async function listModels(
  { ask, refuse }: Indexer,
  registry: string,
  onModels: OnModels,
): Promise<number | undefined> {
  const [namespace, chainId, address = ""] = registry.toLowerCase().split(":");
  const status = await ask("/status", statusSchema);
  if (status === undefined) return undefined;
  const chain = status.chains.find((one) => one.chain === `${namespace}:${chainId}`);
  if (!chain?.registries.some((one) => one.toLowerCase() === registry.toLowerCase())) {
    return void refuse("it does not know this registry");
  }
  if (chain.replaced !== undefined) return void refuse("it holds blocks as final that the chain took back");
  const cursors = new Set<string | null>([null]);
  let after: string | null = null;
  let from = 0;
  while (cursors.size < MAX_PAGES) {
    const variables: object = { chain: Number(chainId), registry: address, after, from: String(from) };
    const answer: z.infer<typeof pageSchema> | undefined = await ask("/graphql", pageSchema, {
      query: QUERY,
      variables,
    });
    if (answer === undefined) return undefined;
    const { items, pageInfo } = answer.data.models;
    // What was recorded later is read from the events.
    const known = items.filter(({ block }) => block <= chain.block);
    onModels(known.toSorted((a, b) => a.block - b.block || a.logIndex - b.logIndex).map(toModel));
    if (!pageInfo.hasNextPage) return chain.block;
    after = pageInfo.endCursor;
    from = items.at(-1)?.mintedAt ?? from;
    if (cursors.has(after)) break; // One that goes round in circles would be read for ever.
    cursors.add(after);
  }
  return void refuse("its list does not end");
}

function toModel(item: z.infer<typeof itemSchema>): IndexedModel {
  const { relation, status, framework, license, performanceMetrics, mintedAt } = item;
  return {
    tokenId: BigInt(item.id),
    creator: getAddress(item.creator.toLowerCase()),
    mintedAt,
    relation,
    parents: [],
    datasetDigest: item.datasetDigest as Hex,
    metadataDigest: item.metadataDigest as Hex,
    framework,
    license,
    performanceMetrics,
    status,
    owners: [],
  };
}
