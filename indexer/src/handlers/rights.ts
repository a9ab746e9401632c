import { ponder } from "ponder:registry";
import { endorsement, grant } from "ponder:schema";
import { keyOf } from "../../lib/key.ts";

ponder.on("Registry:ModelEndorsed", async ({ event, context }) => {
  const { parentId: parent, childId: child, registry, chainId, account } = event.args;
  await context.db
    .insert(endorsement)
    .values({
      ...keyOf(event, context),
      parent,
      childChainId: chainId,
      childRegistry: registry,
      child,
      account,
      block: event.block.number,
    })
    .onConflictDoUpdate({ account, block: event.block.number });
});

ponder.on("Registry:ModelEndorsementWithdrawn", async ({ event, context }) => {
  const { parentId: parent, childId: child, registry, chainId } = event.args;
  await context.db.delete(endorsement, {
    ...keyOf(event, context),
    parent,
    childChainId: chainId,
    childRegistry: registry,
    child,
  });
});

ponder.on("Registry:ModelUseGranted", async ({ event, context }) => {
  const { tokenId: id, owner, account, expires } = event.args;
  await context.db
    .insert(grant)
    .values({ ...keyOf(event, context), id, owner, account, expires, block: event.block.number })
    .onConflictDoUpdate({ expires, block: event.block.number });
});

ponder.on("Registry:ModelUseRevoked", async ({ event, context }) => {
  const { tokenId: id, owner, account } = event.args;
  await context.db.delete(grant, { ...keyOf(event, context), id, owner, account });
});
