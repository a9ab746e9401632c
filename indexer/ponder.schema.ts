import { index, onchainTable, primaryKey } from "ponder";

export { royalty, role, setting } from "./schema/administration.ts";
export { license, offer, payment } from "./schema/market.ts";
export { balance, credit, earning, settlement, withdrawal } from "./schema/revenue.ts";
export { derivativeTerm, proposal, share } from "./schema/shares.ts";

// No table relates to another in GraphQL: a list in a list in a list would let one request cost millions of rows.
// /children and /lineage answer what such queries are for, with a limit.

/** A model that has a token, as its event and the status that was last set say. */
export const model = onchainTable(
  "model",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    creator: t.hex().notNull(),
    /** Unix time in seconds. */
    mintedAt: t.bigint().notNull(),
    /** In the order of the contract's `Relation`. */
    relation: t.integer().notNull(),
    /** In the order of the contract's `Status`. */
    status: t.integer().notNull(),
    parentCount: t.integer().notNull(),
    /** Of a base model outside the registry; absent where none was named. */
    baseModelDigest: t.hex(),
    manifestRoot: t.hex().notNull(),
    weightsDigest: t.hex().notNull(),
    datasetDigest: t.hex().notNull(),
    metadataDigest: t.hex().notNull(),
    framework: t.text().notNull(),
    license: t.text().notNull(),
    performanceMetrics: t.text().notNull(),
    version: t.text().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.id] }),
    byId: index().on(table.id),
    byCreator: index().on(table.creator, table.mintedAt),
    byWeights: index().on(table.weightsDigest),
    byMetadata: index().on(table.metadataDigest),
    byLicense: index().on(table.license, table.mintedAt),
    byTime: index().on(table.mintedAt),
    byPlace: index().on(table.chainId, table.block, table.logIndex),
  }),
);

/** That a model names another one of its registry as its parent. */
export const edge = onchainTable(
  "edge",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    child: t.bigint().notNull(),
    parent: t.bigint().notNull(),
    relation: t.integer().notNull(),
    /** Where the parent stands among those of its child, from zero. */
    position: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.child, table.parent] }),
    // In the order in which children are listed: a base model may have very many.
    byParent: index().on(table.parent, table.chainId, table.registry, table.child),
    byChild: index().on(table.child),
  }),
);

/** Every status that was ever set, of a token or of a batch. */
export const status = onchainTable(
  "status",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    /** Of the token; absent for a batch. */
    id: t.bigint(),
    /** Of the batch and its creator; absent for a token. */
    root: t.hex(),
    creator: t.hex(),
    status: t.integer().notNull(),
    account: t.hex().notNull(),
    reason: t.text().notNull(),
    /** Unix time in seconds. */
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.block, table.logIndex] }),
    byId: index().on(table.id),
    byRoot: index().on(table.root),
  }),
);

/** Who holds a token. */
export const holder = onchainTable(
  "holder",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    account: t.hex().notNull(),
    sinceBlock: t.bigint().notNull(),
    transfers: t.integer().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.id] }),
    byAccount: index().on(table.account, table.chainId, table.registry, table.id),
  }),
);

/** A change of hands of a token. That it was minted its model says. */
export const transfer = onchainTable(
  "transfer",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    id: t.bigint().notNull(),
    from: t.hex().notNull(),
    to: t.hex().notNull(),
    /** Unix time in seconds. */
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.block, table.logIndex] }),
    byId: index().on(table.id),
  }),
);

/** A child that an owner of its parent endorses, in whatever registry. */
export const endorsement = onchainTable(
  "endorsement",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    parent: t.bigint().notNull(),
    childChainId: t.bigint().notNull(),
    childRegistry: t.hex().notNull(),
    child: t.bigint().notNull(),
    account: t.hex().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({
      columns: [table.chainId, table.registry, table.parent, table.childChainId, table.childRegistry, table.child],
    }),
    byParent: index().on(table.parent),
    byChild: index().on(table.child),
  }),
);

/** That an owner lets an account use a model. It counts only while that owner holds the token. */
export const grant = onchainTable(
  "grant",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    owner: t.hex().notNull(),
    account: t.hex().notNull(),
    /** Unix time in seconds. */
    expires: t.bigint().notNull(),
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.id, table.owner, table.account] }),
    byAccount: index().on(table.account),
  }),
);

/** A batch: many models under one root. Which ones its directory says, and no event. */
export const anchor = onchainTable(
  "anchor",
  (t) => ({
    chainId: t.integer().notNull(),
    registry: t.hex().notNull(),
    root: t.hex().notNull(),
    creator: t.hex().notNull(),
    /** The digest inside the CID of its directory. */
    contentDigest: t.hex().notNull(),
    count: t.bigint().notNull(),
    /** Unix time in seconds. */
    anchoredAt: t.bigint().notNull(),
    status: t.integer().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.registry, table.root, table.creator] }),
    byCreator: index().on(table.creator),
    byRoot: index().on(table.root),
    byPlace: index().on(table.chainId, table.block, table.logIndex),
  }),
);
