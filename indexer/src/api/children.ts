import { db } from "ponder:api";
import { edge, endorsement } from "ponder:schema";
import type { Context } from "hono";
import { and, eq } from "ponder";
import { placeOf, readCount, readId, readRegistry, toHex32 } from "../../lib/question.ts";
import { answer } from "./answer.ts";

const MOST = 1000;

/** `/children/{id}?registry=&limit=`: those that name a model as their parent, and those elsewhere that its owner endorses. */
export function listChildren(context: Context): Promise<Response> {
  return answer(context, async () => {
    const id = readId(context.req.param("id"));
    const registry = readRegistry(context.req.query("registry"));
    const limit = readCount("limit", context.req.query("limit"), { most: MOST, fallback: 100 });
    const isIn = (table: typeof edge | typeof endorsement) =>
      registry && and(eq(table.chainId, registry.chainId), eq(table.registry, registry.address));
    const [named, endorsed] = await Promise.all([
      db
        .select()
        .from(edge)
        .where(and(eq(edge.parent, id), isIn(edge)))
        .orderBy(edge.chainId, edge.registry, edge.child)
        .limit(limit + 1),
      db
        .select()
        .from(endorsement)
        .where(and(eq(endorsement.parent, id), isIn(endorsement)))
        .orderBy(endorsement.child)
        .limit(limit + 1),
    ]);
    const children = named.map(({ chainId, registry: address, child, relation }) => ({
      registry: placeOf(chainId, address),
      tokenId: toHex32(child),
      relation,
    }));
    const elsewhere = endorsed.map(({ childChainId, childRegistry, child }) => ({
      registry: placeOf(childChainId, childRegistry),
      tokenId: toHex32(child),
    }));
    return {
      children: children.slice(0, limit),
      endorsed: elsewhere.slice(0, limit),
      truncated: children.length > limit || elsewhere.length > limit,
    };
  });
}
