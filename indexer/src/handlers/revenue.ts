import { type Context, ponder } from "ponder:registry";
import { balance, credit, earning, settlement, withdrawal } from "ponder:schema";
import { addAmount } from "../../lib/amount.ts";
import { chainsWithMarkets } from "../../lib/chains.ts";
import { placeInMarket } from "../../lib/key.ts";

type Earning = typeof earning.$inferInsert;
type Balance = typeof balance.$inferInsert;
type Sums<Row, Key extends keyof Row> = Partial<Pick<Row, Key>>;

/** Adds to what a model brought. */
export async function addToEarning(
  context: Context,
  { chainId, market, registry, id, currency }: Pick<Earning, "chainId" | "market" | "registry" | "id" | "currency">,
  {
    paid = 0n,
    credited = 0n,
    settled = 0n,
    passedOn = 0n,
  }: Sums<Earning, "paid" | "credited" | "settled" | "passedOn">,
): Promise<void> {
  await context.db
    .insert(earning)
    .values({ chainId, market, registry, id, currency, paid, credited, settled, passedOn })
    .onConflictDoUpdate((row) => ({
      paid: addAmount(row.paid, paid),
      credited: addAmount(row.credited, credited),
      settled: addAmount(row.settled, settled),
      passedOn: addAmount(row.passedOn, passedOn),
    }));
}

async function addToBalance(
  context: Context,
  { chainId, market, account, currency }: Pick<Balance, "chainId" | "market" | "account" | "currency">,
  { withdrawable = 0n, withdrawn = 0n }: Sums<Balance, "withdrawable" | "withdrawn">,
): Promise<void> {
  await context.db
    .insert(balance)
    .values({ chainId, market, account, currency, withdrawable: addAmount(0n, withdrawable), withdrawn })
    .onConflictDoUpdate((row) => ({
      withdrawable: addAmount(row.withdrawable, withdrawable),
      withdrawn: addAmount(row.withdrawn, withdrawn),
    }));
}

// Where the registries file names no market, Ponder knows no such contract.
if (chainsWithMarkets(process.env).length > 0) {
  ponder.on("Market:RevenueCredited", async ({ event, context }) => {
    const { tokenId: id, ...args } = event.args;
    const row = { ...placeInMarket(event, context), ...args, id, transaction: event.transaction.hash };
    await context.db.insert(credit).values(row);
    await addToEarning(context, row, { credited: row.amount });
    // Without shares of parents nothing is left to divide.
    if (row.version === 0) await addToBalance(context, row, { withdrawable: row.amount });
  });

  ponder.on("Market:RevenueSettled", async ({ event, context }) => {
    const { tokenId: id, ...args } = event.args;
    const row = { ...placeInMarket(event, context), ...args, id, transaction: event.transaction.hash };
    await context.db.insert(settlement).values(row);
    await addToEarning(context, row, { settled: row.amount, passedOn: row.amount - row.rest });
    await addToBalance(context, row, { withdrawable: row.rest });
  });

  ponder.on("Market:RevenueWithdrawn", async ({ event, context }) => {
    const row = { ...placeInMarket(event, context), ...event.args, transaction: event.transaction.hash };
    await context.db.insert(withdrawal).values(row);
    await addToBalance(context, row, { withdrawable: -row.amount, withdrawn: row.amount });
  });
}
