import { ponder } from "ponder:registry";
import { edge, holder, model, transfer } from "ponder:schema";
import { keyOf } from "../../lib/key.ts";
import { storable } from "../../lib/text.ts";

ponder.on("Registry:ProvenanceDataRecorded", async ({ event, context }) => {
  const { args, block, log, transaction } = event;
  const key = keyOf(event, context);
  await context.db.insert(model).values({
    ...key,
    id: args.tokenId,
    creator: args.creator,
    mintedAt: BigInt(args.mintedAt),
    relation: args.relation,
    status: 0,
    parentCount: args.parents.length,
    manifestRoot: args.manifestRoot,
    weightsDigest: args.weightsDigest,
    datasetDigest: args.datasetDigest,
    metadataDigest: args.metadataDigest,
    framework: storable(args.framework),
    license: storable(args.license),
    performanceMetrics: storable(args.performanceMetrics),
    version: storable(args.version),
    block: block.number,
    logIndex: log.logIndex,
    transaction: transaction.hash,
  });
  if (args.parents.length === 0) return;
  await context.db.insert(edge).values(
    args.parents.map((parent, position) => ({
      ...key,
      child: args.tokenId,
      parent,
      relation: args.relation,
      position,
    })),
  );
});

ponder.on("Registry:Transfer", async ({ event, context }) => {
  const { tokenId: id, from, to } = event.args;
  const { number: block, timestamp: time } = event.block;
  const key = keyOf(event, context);
  if (BigInt(from) !== 0n) {
    await context.db.insert(transfer).values({ ...key, block, logIndex: event.log.logIndex, id, from, to, time });
  }
  await context.db
    .insert(holder)
    .values({ ...key, id, account: to, sinceBlock: block, transfers: 0 })
    .onConflictDoUpdate(({ transfers }) => ({
      account: to,
      sinceBlock: block,
      transfers: transfers + 1,
    }));
});
