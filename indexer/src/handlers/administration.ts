import { type Context, ponder } from "ponder:registry";
import { role, royalty, setting } from "ponder:schema";
import { keyOf } from "../../lib/key.ts";

type Setting = Partial<Pick<typeof setting.$inferInsert, "account" | "value">>;

interface RegistryEvent {
  readonly block: { readonly number: bigint; readonly timestamp: bigint };
  readonly log: { readonly address: `0x${string}`; readonly logIndex: number };
  readonly transaction: { readonly hash: `0x${string}` };
}

async function note(event: RegistryEvent, context: Context, name: string, { account, value }: Setting): Promise<void> {
  const { block, log, transaction } = event;
  await context.db.insert(setting).values({
    ...keyOf(event, context),
    block: block.number,
    logIndex: log.logIndex,
    event: name,
    account,
    value,
    transaction: transaction.hash,
    time: block.timestamp,
  });
}

ponder.on("Registry:TokenRoyaltyChanged", async ({ event, context }) => {
  const { tokenId: id, receiver, basisPoints } = event.args;
  const set = { receiver, basisPoints: Number(basisPoints), block: event.block.number };
  await context.db
    .insert(royalty)
    .values({ ...keyOf(event, context), id, ...set })
    .onConflictDoUpdate(set);
});

ponder.on("Registry:DefaultRoyaltyChanged", async ({ event, context }) => {
  const { receiver: account, basisPoints } = event.args;
  await note(event, context, "DefaultRoyaltyChanged", { account, value: String(basisPoints) });
});

ponder.on("Registry:RoleGranted", async ({ event, context }) => {
  const { role: name, account } = event.args;
  await note(event, context, "RoleGranted", { account, value: name });
  const block = event.block.number;
  await context.db
    .insert(role)
    .values({ ...keyOf(event, context), role: name, account, block })
    .onConflictDoUpdate({ block });
});

ponder.on("Registry:RoleRevoked", async ({ event, context }) => {
  const { role: name, account } = event.args;
  await note(event, context, "RoleRevoked", { account, value: name });
  await context.db.delete(role, { ...keyOf(event, context), role: name, account });
});

ponder.on("Registry:DefaultAdminTransferScheduled", async ({ event, context }) => {
  const { newAdmin: account, acceptSchedule } = event.args;
  await note(event, context, "DefaultAdminTransferScheduled", { account, value: String(acceptSchedule) });
});

ponder.on("Registry:DefaultAdminTransferCanceled", async ({ event, context }) => {
  await note(event, context, "DefaultAdminTransferCanceled", {});
});

ponder.on("Registry:DefaultAdminDelayChangeScheduled", async ({ event, context }) => {
  await note(event, context, "DefaultAdminDelayChangeScheduled", { value: String(event.args.newDelay) });
});

ponder.on("Registry:DefaultAdminDelayChangeCanceled", async ({ event, context }) => {
  await note(event, context, "DefaultAdminDelayChangeCanceled", {});
});

ponder.on("Registry:RendererChanged", async ({ event, context }) => {
  await note(event, context, "RendererChanged", { account: event.args.newRenderer });
});

ponder.on("Registry:RendererLocked", async ({ event, context }) => {
  await note(event, context, "RendererLocked", { account: event.args.renderer });
});

ponder.on("Registry:TransferValidatorUpdated", async ({ event, context }) => {
  await note(event, context, "TransferValidatorUpdated", { account: event.args.newValidator });
});
