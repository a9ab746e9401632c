import { index, onchainTable, primaryKey } from "ponder";

/** What a resale of a token owes, where it was set for that token. */
export const royalty = onchainTable(
  "royalty",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    receiver: t.hex().notNull(),
    basisPoints: t.integer().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.id] }),
    byReceiver: index().on(table.receiver),
  }),
);

/** Who has a role in a registry. */
export const role = onchainTable(
  "role",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    /** Keccak-256 of its name; zero: the admin's. */
    role: t.hex().notNull(),
    account: t.hex().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.role, table.account] }),
    byAccount: index().on(table.account),
  }),
);

/** What was changed of a registry as a whole: roles, royalty, renderer, transfer validator. */
export const setting = onchainTable(
  "setting",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    /** Name of the event. */
    event: t.text().notNull(),
    /** Whom or what it names: the account with the role, the receiver, the renderer, the validator. */
    account: t.hex(),
    /** The role, or basis points, or seconds. */
    value: t.text(),
    transaction: t.hex().notNull(),
    /** Unix time in seconds. */
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.block, table.logIndex] }),
    byEvent: index().on(table.event),
  }),
);
