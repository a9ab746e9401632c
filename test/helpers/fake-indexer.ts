import type { BrowserContext } from "playwright-core";
import { RELATIONS } from "../../src/model/relation.ts";
import { readRegistryIndex } from "../../src/registry/lineage/read-index.ts";
import { STATUSES } from "../../src/registry/model-record.ts";
import { type Registry, toCaip10 } from "../../src/registry/registry.ts";

/** A model as an indexer lists it. */
export type ListedItem = Record<string, unknown> & { readonly id: string; readonly block: string };

/** How an indexer answers otherwise than it should. */
export interface FakeIndexerOptions {
  /** The last block that it has read; the newest when left out. */
  readonly block?: number;
  /** Changes what it lists. */
  readonly list?: (items: ListedItem[]) => ListedItem[];
  readonly silent?: boolean;
}

/** Where the page finds it. */
export const INDEXER_URL = "http://indexer.test";

const PAGE = 100;

/** Answers the page as the indexer does, from what the events of a registry say. */
export async function fakeIndexer(context: BrowserContext, registry: Registry, options: FakeIndexerOptions = {}) {
  const { models, nextBlock } = await readRegistryIndex(registry);
  const { block = nextBlock - 1, list = (items) => items, silent = false } = options;
  const items = list(
    [...models.values()].map((model, logIndex): ListedItem => {
      const { creator, mintedAt, datasetDigest, metadataDigest, framework, license, performanceMetrics } = model;
      return {
        id: String(model.tokenId),
        creator: creator.toLowerCase(),
        mintedAt: String(mintedAt),
        relation: RELATIONS.indexOf(model.relation),
        status: STATUSES.indexOf(model.status),
        ...{ datasetDigest, metadataDigest, framework, license, performanceMetrics },
        block: String(model.blockNumber),
        logIndex,
      };
    }),
  );
  await context.route(`${INDEXER_URL}/**`, async (route) => {
    if (silent) return;
    const headers = { "access-control-allow-origin": "*", "access-control-allow-headers": "content-type" };
    const json =
      route.request().method() === "OPTIONS"
        ? {}
        : new URL(route.request().url()).pathname === "/status"
          ? { chains: [{ chain: `eip155:${registry.chainId}`, block, registries: [toCaip10(registry)] }] }
          : pageOf(items, route.request().postDataJSON() as { variables: { after: string | null } });
    await route.fulfill({ headers, json });
  });
}

function pageOf(items: readonly ListedItem[], { variables }: { variables: { after: string | null } }) {
  const start = Number(variables.after ?? 0);
  const end = start + PAGE;
  const pageInfo = { hasNextPage: end < items.length, endCursor: String(end) };
  return { data: { models: { items: items.slice(start, end), pageInfo } } };
}
