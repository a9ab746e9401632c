import { db } from "ponder:api";
import { anchor, model } from "ponder:schema";
import type { Context } from "hono";
import { and, eq, sql } from "ponder";
import { placeOf, readCount } from "../../lib/question.ts";
import { answer } from "./answer.ts";

const MOST = 1000;

/** `/pages/documents?chain=&block=&log=`: which metadata there are, in the order of a chain, from a place on. For the server. */
export function pageDocuments(context: Context): Promise<Response> {
  return answer(context, async () => {
    const { chain, limit } = readPage(context);
    const rows = await db
      .select({ block: model.block, logIndex: model.logIndex, metadataDigest: model.metadataDigest })
      .from(model)
      .where(and(eq(model.chainId, chain), isAfter(context, model)))
      .orderBy(model.block, model.logIndex)
      .limit(limit);
    return { items: rows.map((row) => ({ ...row, block: Number(row.block) })) };
  });
}

/** `/pages/anchors?chain=&block=&log=`: which batches there are, as {@link pageDocuments}. */
export function pageAnchors(context: Context): Promise<Response> {
  return answer(context, async () => {
    const { chain, limit } = readPage(context);
    const rows = await db
      .select()
      .from(anchor)
      .where(and(eq(anchor.chainId, chain), isAfter(context, anchor)))
      .orderBy(anchor.block, anchor.logIndex)
      .limit(limit);
    return {
      items: rows.map(({ block, logIndex, chainId, registry, root, creator, contentDigest }) => {
        return { block: Number(block), logIndex, registry: placeOf(chainId, registry), root, creator, contentDigest };
      }),
    };
  });
}

function readPage(context: Context): { chain: number; limit: number } {
  return {
    chain: readCount("chain", context.req.query("chain"), { most: 999_999_999, fallback: 1 }),
    limit: readCount("limit", context.req.query("limit"), { most: MOST, fallback: MOST }),
  };
}

function isAfter(context: Context, table: typeof model | typeof anchor) {
  const most = 999_999_999;
  const block = BigInt(readCount("block", context.req.query("block"), { least: 0, most, fallback: 0 }));
  const log = readCount("log", context.req.query("log"), { least: 0, most, fallback: 0 });
  // Compared as a row: with "or" the database would go through the index from its beginning, for every page.
  return sql`(${table.block}, ${table.logIndex}) > (${block.toString()}::numeric, ${log}::integer)`;
}
