import { ponder } from "ponder:registry";
import { anchor } from "ponder:schema";
import { keyOf } from "../../lib/key.ts";

ponder.on("Registry:BatchAnchored", async ({ event, context }) => {
  const { root, creator, contentDigest, count } = event.args;
  await context.db.insert(anchor).values({
    ...keyOf(event, context),
    root,
    creator,
    contentDigest,
    count,
    anchoredAt: event.block.timestamp,
    status: 0,
    block: event.block.number,
    logIndex: event.log.logIndex,
    transaction: event.transaction.hash,
  });
});
