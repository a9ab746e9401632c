import { ponder } from "ponder:registry";
import { anchor, model, status } from "ponder:schema";
import { keyOf } from "../../lib/key.ts";
import { storable } from "../../lib/text.ts";

ponder.on("Registry:ModelStatusChanged", async ({ event, context }) => {
  const { tokenId: id, status: set, account, reason } = event.args;
  const key = keyOf(event, context);
  await context.db
    .insert(status)
    .values({ ...key, ...placeOf(event), id, status: set, account, reason: storable(reason) });
  // An index that begins after the registry's first block does not have every model.
  if ((await context.db.find(model, { ...key, id })) === null) return;
  await context.db.update(model, { ...key, id }).set({ status: set });
});

ponder.on("Registry:AnchorStatusChanged", async ({ event, context }) => {
  const { root, creator, status: set, account, reason } = event.args;
  const key = keyOf(event, context);
  await context.db
    .insert(status)
    .values({ ...key, ...placeOf(event), root, creator, status: set, account, reason: storable(reason) });
  if ((await context.db.find(anchor, { ...key, root, creator })) === null) return;
  await context.db.update(anchor, { ...key, root, creator }).set({ status: set });
});

function placeOf({
  block,
  log,
}: {
  readonly block: { readonly number: bigint; readonly timestamp: bigint };
  readonly log: { readonly logIndex: number };
}) {
  return { block: block.number, logIndex: log.logIndex, time: block.timestamp };
}
