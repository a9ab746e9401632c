import { z } from "zod";

const digits = z.string().regex(/^\d{1,78}$/);
const digest = z.string().regex(/^0x[0-9a-f]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

/** One transaction that was sent, or was about to be: it is written down first. */
export const attemptSchema = z.strictObject({
  from: address,
  nonce: z.int().nonnegative(),
  /** SHA-256 of the call: whom it mints what for. */
  call: digest,
  /** Unknown where a node or a wallet signs, until it answers. */
  hash: digest.optional(),
  /** The signed transaction, to be broadcast again as it is; absent where a node or a wallet signs. */
  raw: z
    .string()
    .regex(/^0x([0-9a-f]{2})+$/)
    .optional(),
  /** Most for a unit of gas, in wei. */
  maxFeePerGas: digits,
  maxPriorityFeePerGas: digits.optional(),
  /** What became of it: refused by the node, its nonce used by another transaction, or mined and reverted. */
  outcome: z.enum(["refused", "replaced", "reverted"]).optional(),
});
/** One of {@link attemptSchema}. */
export type Attempt = z.infer<typeof attemptSchema>;

const minedSchema = z.strictObject({
  hash: digest,
  blockNumber: z.int().nonnegative(),
  blockHash: digest,
  gasUsed: digits,
});

const common = {
  schemaVersion: z.literal("1.0"),
  chainId: digits,
  /** Hash of block 0: a development chain that was started again has another. */
  genesis: digest.optional(),
  registry: address,
  sent: z.array(attemptSchema),
  mined: minedSchema.optional(),
};

/** What is known of the publishing of one model. */
export const modelEntrySchema = z.strictObject({
  ...common,
  modelDigest: digest,
  hashed: z.strictObject({ path: z.string(), manifestRoot: digest, files: z.int(), bytes: z.int() }).optional(),
  /** The exact metadata JSON, signature included, and its SHA-256. */
  signed: z.strictObject({ metadataDigest: digest, metadata: z.string() }).optional(),
  /** By root CID, with `+content` behind that of a model pinned in full: the names of the stores that confirmed it. */
  pinned: z.record(z.string(), z.array(z.string())),
  /** The batch with whose transaction it is minted. */
  batch: digest.optional(),
});
/** One of {@link modelEntrySchema}. */
export type ModelEntry = z.infer<typeof modelEntrySchema>;

/** What is known of a transaction that mints many models. */
export const batchEntrySchema = z.strictObject({ ...common, batch: digest, modelDigests: z.array(digest) });
/** One of {@link batchEntrySchema}. */
export type BatchEntry = z.infer<typeof batchEntrySchema>;

/** What is known of one call of a contract that changes what is there; `registry` is that contract. */
export const callEntrySchema = z.strictObject({ ...common, call: digest, from: address });
/** One of {@link callEntrySchema}. */
export type CallEntry = z.infer<typeof callEntrySchema>;
