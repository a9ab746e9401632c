import { index, onchainTable, primaryKey } from "ponder";

/** An offer of licences that was opened, in a market that the registries file names beside a registry. */
export const offer = onchainTable(
  "offer",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    /** The first 23 bytes of its hash. */
    offerId: t.hex().notNull(),
    /** Of the model; any registry on the market's chain. */
    registry: t.hex().notNull(),
    id: t.bigint().notNull(),
    seller: t.hex().notNull(),
    /** An ERC-20 token; zero: ether. */
    currency: t.hex().notNull(),
    price: t.bigint().notNull(),
    /** In seconds; zero: for ever. */
    duration: t.bigint().notNull(),
    /** Unix time in seconds; zero: none. */
    deadline: t.bigint().notNull(),
    /** How many licences are sold at most; zero: any number. */
    limit: t.bigint().notNull(),
    /** In the order of the contract's `LicenseKind`. */
    kind: t.integer().notNull(),
    endsWhenRevoked: t.boolean().notNull(),
    termsDigest: t.hex().notNull(),
    salt: t.bigint().notNull(),
    isCancelled: t.boolean().notNull(),
    /** Purchases and renewals. */
    payments: t.integer().notNull(),
    block: t.bigint().notNull(),
    transaction: t.hex().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.offerId] }),
    byModel: index().on(table.id),
    bySeller: index().on(table.seller),
  }),
);

/** A licence that was bought. */
export const license = onchainTable(
  "license",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    licenseId: t.bigint().notNull(),
    offerId: t.hex().notNull(),
    /** Of the model, where its offer is known. */
    registry: t.hex(),
    id: t.bigint(),
    holder: t.hex().notNull(),
    /** Unix time in seconds; the largest number of 64 bits: never. */
    expires: t.bigint().notNull(),
    /** Of the purchase. */
    block: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.licenseId] }),
    byModel: index().on(table.id),
    byHolder: index().on(table.holder),
    byOffer: index().on(table.offerId),
  }),
);

/** A purchase or a renewal of a licence. */
export const payment = onchainTable(
  "payment",
  (t) => ({
    chainId: t.integer().notNull(),
    market: t.hex().notNull(),
    block: t.bigint().notNull(),
    logIndex: t.integer().notNull(),
    offerId: t.hex().notNull(),
    licenseId: t.bigint().notNull(),
    payer: t.hex().notNull(),
    /** What arrived, in the smallest unit of the offer's currency. */
    received: t.bigint().notNull(),
    /** Unix time in seconds to which it paid. */
    expires: t.bigint().notNull(),
    /** Unix time in seconds. */
    time: t.bigint().notNull(),
  }),
  (table) => ({
    pk: primaryKey({ columns: [table.chainId, table.market, table.block, table.logIndex] }),
    byOffer: index().on(table.offerId),
    byPayer: index().on(table.payer),
  }),
);
