import { db } from "ponder:api";
import type { Context } from "hono";
import { sql } from "ponder";
import { answer } from "./answer.ts";

// How Ponder writes a place of a chain: 10 digits of time, 16 of the chain, 16 of the block, and what stands in the block.
const BLOCK_START = 10 + 16 + 1;

/** `/checkpoints`: of each chain the block up to which Ponder takes nothing back. For the server. */
export function listCheckpoints(context: Context): Promise<Response> {
  return answer(context, async () => {
    const { rows } = await db.execute(sql`
      SELECT chain_id, substring(finalized_checkpoint, ${BLOCK_START}::integer, 16) AS block FROM _ponder_checkpoint
    `);
    return {
      checkpoints: (rows as { chain_id: number | string; block: string }[]).map((row) => {
        return { chainId: Number(row.chain_id), block: Number(row.block) };
      }),
    };
  });
}
