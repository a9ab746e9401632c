import { db } from "ponder:api";
import { anchor, model } from "ponder:schema";
import type { Context } from "hono";
import { eq, inArray } from "ponder";
import { BadQuestion, placeOf, readId, toHex32 } from "../../lib/question.ts";
import { answer } from "./answer.ts";

const MOST = 1000;

/** `/weights/{digest}`: the models whose weight files are exactly these, oldest first. */
export function findByWeights(context: Context): Promise<Response> {
  return answer(context, async () => {
    const digest = toHex32(readId(context.req.param("digest")));
    const rows = await db
      .select()
      .from(model)
      .where(eq(model.weightsDigest, digest))
      .orderBy(model.mintedAt, model.block, model.logIndex)
      .limit(MOST + 1);
    return { models: rows.slice(0, MOST).map(toPlace), truncated: rows.length > MOST };
  });
}

/** `POST /by-metadata` with digests: the models that have them. For the server. */
export function findByMetadata(context: Context): Promise<Response> {
  return answer(context, async () => {
    const rows = await db
      .select()
      .from(model)
      .where(inArray(model.metadataDigest, await readList(context)))
      .limit(MOST);
    return { models: rows.map((row) => ({ ...toPlace(row), metadataDigest: row.metadataDigest, status: row.status })) };
  });
}

/** `POST /anchors` with roots: the batches that have them, as far as they are on a chain. For the server. */
export function findAnchors(context: Context): Promise<Response> {
  return answer(context, async () => {
    const rows = await db
      .select()
      .from(anchor)
      .where(inArray(anchor.root, await readList(context)))
      .limit(MOST);
    return {
      anchors: rows.map(({ chainId, registry, root, creator, status, anchoredAt }) => {
        return { registry: placeOf(chainId, registry), root, creator, status, anchoredAt: Number(anchoredAt) };
      }),
    };
  });
}

function toPlace({ chainId, registry, id }: { chainId: number; registry: string; id: bigint }) {
  return { registry: placeOf(chainId, registry), tokenId: toHex32(id) };
}

async function readList(context: Context): Promise<`0x${string}`[]> {
  const list: unknown = await context.req.json();
  if (!Array.isArray(list) || list.length > MOST) throw new BadQuestion(`A list has at most ${MOST} digests.`);
  return list.map((text) => toHex32(readId(String(text))));
}
