import { index, onchainTable, primaryKey } from "ponder";

/**
 * What a model brought in a market, of one currency: `paid` for licences of it, `credited` as its share of what children
 * brought or from its till; of both together `settled` was divided, and `passedOn` of that went to its parents.
 */
export const earning = onchainTable(
  "earning",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    /** An ERC-20 token; zero: ether. */
    currency: t.hex().notNull(),
    paid: t.bigint().notNull(),
    credited: t.bigint().notNull(),
    settled: t.bigint().notNull(),
    passedOn: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.registry, table.id, table.currency] }),
    byModel: index().on(table.id),
  }),
);

/** What an account can take out of a market, and took out so far. */
export const balance = onchainTable(
  "balance",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    currency: t.hex().notNull(),
    withdrawable: t.bigint().notNull(),
    withdrawn: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.account, table.currency] }),
    byAccount: index().on(table.account),
  }),
);

/** That a model got its share of what a child brought, or that its till was swept. */
export const credit = onchainTable(
  "credit",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    account: t.hex().notNull(),
    currency: t.hex().notNull(),
    /** Of the shares of the model's own parents that divide it; zero: none, and it can be taken out at once. */
    version: t.integer().notNull(),
    amount: t.bigint().notNull(),
    transaction: t.hex().notNull(),
    /** Unix time in seconds. */
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.block, table.logIndex] }),
    byModel: index().on(table.id),
    byAccount: index().on(table.account),
  }),
);

/** That an amount was divided between the parents of a model and an account, which got the rest. */
export const settlement = onchainTable(
  "settlement",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    account: t.hex().notNull(),
    currency: t.hex().notNull(),
    version: t.integer().notNull(),
    amount: t.bigint().notNull(),
    rest: t.bigint().notNull(),
    transaction: t.hex().notNull(),
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.block, table.logIndex] }),
    byModel: index().on(table.id),
    byAccount: index().on(table.account),
  }),
);

/** That an account took out what it had of a currency. */
export const withdrawal = onchainTable(
  "withdrawal",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    account: t.hex().notNull(),
    currency: t.hex().notNull(),
    to: t.hex().notNull(),
    amount: t.bigint().notNull(),
    transaction: t.hex().notNull(),
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.block, table.logIndex] }),
    byAccount: index().on(table.account),
  }),
);
