import { db } from "ponder:api";
import { edge, endorsement, model, offer, status, transfer } from "ponder:schema";
import type { Context } from "hono";
import { and, eq } from "ponder";
import { BadQuestion, readId, readRegistry } from "../../lib/question.ts";
import { answer } from "./answer.ts";

const MOST = 5000;

/**
 * `/places/{id}?registry=`: the blocks in which a registry says something of a model, and in which markets on its chain opened
 * offers of it. Where they are more than 5 000 of a kind it is said: `truncated`.
 */
export function findPlaces(context: Context): Promise<Response> {
  return answer(context, async () => {
    const id = readId(context.req.param("id"));
    const registry = readRegistry(context.req.query("registry"));
    if (registry === undefined) throw new BadQuestion("/places takes registry=eip155:1:0x…");
    const { chainId, address } = registry;
    const isOf = <T extends typeof model | typeof status | typeof transfer | typeof offer>(table: T) =>
      and(eq(table.id, id), eq(table.chainId, chainId), eq(table.registry, address));
    const limit = MOST + 1;
    const found = await Promise.all([
      db.select({ block: model.block }).from(model).where(isOf(model)),
      db.select({ block: status.block }).from(status).where(isOf(status)).limit(limit),
      db.select({ block: transfer.block }).from(transfer).where(isOf(transfer)).limit(limit),
      db
        .select({ block: endorsement.block })
        .from(endorsement)
        .where(and(eq(endorsement.parent, id), eq(endorsement.chainId, chainId), eq(endorsement.registry, address)))
        .limit(limit),
      db
        .select({ block: model.block })
        .from(edge)
        .innerJoin(
          model,
          and(eq(model.chainId, edge.chainId), eq(model.registry, edge.registry), eq(model.id, edge.child)),
        )
        .where(and(eq(edge.parent, id), eq(edge.chainId, chainId), eq(edge.registry, address)))
        .limit(limit),
    ]);
    const offers = await db
      .select({ block: offer.block, market: offer.market })
      .from(offer)
      .where(isOf(offer))
      .limit(limit);
    return {
      blocks: toBlocks(found.flat()),
      offers: [...Map.groupBy(offers, ({ market }) => market)].map(([market, rows]) => {
        return { market, blocks: toBlocks(rows) };
      }),
      truncated: [...found, offers].some((rows) => rows.length > MOST),
    };
  });
}

function toBlocks(rows: readonly { readonly block: bigint }[]): number[] {
  return [...new Set(rows.map(({ block }) => Number(block)))].sort((a, b) => a - b);
}
