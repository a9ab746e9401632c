import { db } from "ponder:api";
import { edge, model } from "ponder:schema";
import type { Context } from "hono";
import { sql } from "ponder";
import { placeOf, readCount, readId, readRegistry, toHex32 } from "../../lib/question.ts";
import { answer } from "./answer.ts";

type SQL = ReturnType<typeof sql>;

const MOST_DEPTH = 64;
const MOST = 5000;

/** A step of the walk: from a model, its parents or its children. */
interface Step {
  readonly chain_id: number;
  readonly registry: string;
  readonly child: string;
  readonly parent: string;
  readonly relation: number;
}

/**
 * `/lineage/{id}?registry=&depth=&limit=`: the links above and below a model, up to a depth, each once. What is left out is
 * said: `truncated`.
 */
export function findLineage(context: Context): Promise<Response> {
  return answer(context, async () => {
    const id = readId(context.req.param("id"));
    const registry = readRegistry(context.req.query("registry"));
    const depth = readCount("depth", context.req.query("depth"), { least: 0, most: MOST_DEPTH, fallback: 10 });
    const limit = readCount("limit", context.req.query("limit"), { most: MOST, fallback: 1000 });
    const isIn = registry ? sql`AND chain_id = ${registry.chainId} AND registry = ${registry.address}` : sql``;
    const start = sql`SELECT chain_id, registry, id FROM ${model} WHERE id = ${id.toString()}::numeric ${isIn} LIMIT 100`;
    const starts = (await db.execute(start)).rows as { chain_id: number; registry: string }[];
    const [above, below] = [
      await walk(start, sql`edge.child = walk.id`, sql`edge.parent`, depth, limit),
      await walk(start, sql`edge.parent = walk.id`, sql`edge.child`, depth, limit),
    ];
    const links = new Map(
      [...above, ...below].map((step) => {
        const place = placeOf(step.chain_id, step.registry);
        const link = {
          registry: place,
          child: toHex32(step.child),
          parent: toHex32(step.parent),
          relation: Number(step.relation),
        };
        return [`${place} ${step.child} ${step.parent}`, link];
      }),
    );
    return {
      found: starts.map((row) => ({ registry: placeOf(row.chain_id, row.registry), tokenId: toHex32(id) })),
      links: [...links.values()].slice(0, limit),
      truncated: links.size > limit || above.length > limit || below.length > limit,
    };
  });
}

/** Walks one way. A model that several ways lead to is met once at each depth; the limit ends the walk, not its answer. */
async function walk(start: SQL, step: SQL, next: SQL, depth: number, limit: number): Promise<Step[]> {
  const { rows } = await db.execute(sql`
    WITH RECURSIVE walk(chain_id, registry, id, depth, child, parent, relation) AS (
      SELECT chain_id, registry, id, 0, NULL::numeric, NULL::numeric, 0 FROM (${start}) AS start
      UNION
      SELECT edge.chain_id, edge.registry, ${next}, walk.depth + 1, edge.child, edge.parent, edge.relation
      FROM walk JOIN ${edge} AS edge
        ON edge.chain_id = walk.chain_id AND edge.registry = walk.registry AND ${step}
      WHERE walk.depth < ${depth}
    )
    SELECT chain_id, registry, child::text, parent::text, relation FROM walk WHERE child IS NOT NULL LIMIT ${limit + 1}
  `);
  return rows as unknown as Step[];
}
