import { index, onchainTable, primaryKey } from "ponder";

/** The share of a parent in what a child brings, in each version of the child's shares; the last one holds. */
export const share = onchainTable(
  "share",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    registry: t.hex().notNull(),
    child: t.bigint().notNull(),
    version: t.integer().notNull(),
    /** Where the parent stands among those of its child, from zero. */
    position: t.integer().notNull(),
    parent: t.bigint().notNull(),
    basisPoints: t.integer().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.market, table.registry, table.child, table.version, table.position],
    }),
    byChild: index().on(table.child),
    byParent: index().on(table.parent),
  }),
);

/** Shares to which one of creator and owner agreed, and the other had not yet. */
export const proposal = onchainTable(
  "proposal",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    account: t.hex().notNull(),
    /** In the order of the model's parents. */
    basisPoints: t.integer().array().notNull(),
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.block, table.logIndex] }),
    byModel: index().on(table.id),
  }),
);

/** What the owner of a model asks of children that offer licences in the market, as was said last. */
export const derivativeTerm = onchainTable(
  "derivative_term",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    minimumBasisPoints: t.integer().notNull(),
    termsDigest: t.hex().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.registry, table.id] }),
    byModel: index().on(table.id),
  }),
);
