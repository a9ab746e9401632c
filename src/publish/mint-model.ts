import { assertMinter, estimateMint, sendMint, toSubmission } from "../chain/mint.ts";
import { type ModelRecord, readModelRecord } from "../chain/model-record.ts";
import type { Registry } from "../chain/registry.ts";
import type { MinedTransaction, TransactionCost } from "../chain/transaction.ts";
import { ProvenanceError } from "../errors.ts";
import { toHex32 } from "../hex.ts";
import { canonicalJson } from "../metadata/canonical-json.ts";
import { readMetadata } from "../metadata/read-metadata.ts";
import type { Metadata } from "../metadata/schema.ts";
import { rawCidOfDigest, toIpfsUri } from "../store/cid.ts";
import type { BlockSource, ContentStore } from "../store/content-store.ts";
import { type PreparedModel, type PublishContext, pinMetadata } from "./prepare-model.ts";

/** What is about to happen: shown before anything leaves the machine. */
export interface MintPlan extends TransactionCost {
  readonly prepared: PreparedModel;
  readonly tokenId: bigint;
  readonly from: string;
  readonly to: string;
}

/** A model's token: just minted, or there before with the same metadata. */
export interface MintedModel {
  readonly tokenId: bigint;
  readonly uri: string;
  readonly record: ModelRecord;
  /** Undefined when the token was there before. */
  readonly transaction?: MinedTransaction;
}

/** What {@link mintModel} needs beyond the prepared model. */
export interface MintContext extends PublishContext {
  readonly store: ContentStore;
  /** Where the metadata of a token that is there already is read from; the store when it is left out. */
  readonly reading?: BlockSource;
  /** Owner of the token; the creator when it is left out. */
  readonly to?: string;
  /** Called with the plan before anything is pinned or sent; it throws to stop. */
  readonly confirm: (plan: MintPlan) => Promise<void>;
  /** Called with the transaction's hash as soon as it is sent. */
  readonly onSent?: (transactionHash: string) => void;
}

/**
 * Pins a model's metadata and mints its token. A model that is minted already with the same metadata is
 * returned as it is, never minted twice.
 *
 * @throws {ProvenanceError} `ALREADY_MINTED` (with other metadata), `NOT_MINTER`, `PARENT_UNKNOWN`, `STORE_FAILED`,
 *   `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`, and whatever `confirm` throws
 */
export async function mintModel(prepared: PreparedModel, context: MintContext): Promise<MintedModel> {
  const { registry, store } = context;
  const { built, model } = prepared;
  const tokenId = BigInt(model.modelDigest);
  const existing = await readModelRecord(registry, tokenId);
  if (existing !== undefined) return reportExisting(prepared, existing, context);

  const from = await context.signer.getAddress();
  await assertMinter(registry, from);
  await assertParentsKnown(prepared, registry);
  const to = context.to ?? from;
  const submission = toSubmission(built.metadata.provenance, built.metadataDigest, context.warn);
  const cost = await estimateMint(registry, from, to, submission);
  await context.confirm({ prepared, tokenId, from, to, ...cost });

  await pinMetadata(built, store);
  const transaction = await sendMint(registry, context.signer, to, submission, cost, context.onSent);
  const record = await readModelRecord(registry, tokenId);
  if (record === undefined) {
    const text = `The node mined ${transaction.transactionHash} and does not know the token yet. Run again: nothing is minted twice.`;
    throw new ProvenanceError("CHAIN_UNREACHABLE", text);
  }
  return { tokenId, uri: built.uri, record, transaction };
}

/**
 * Reports a model that is minted already, if it says the same.
 *
 * @throws {ProvenanceError} `ALREADY_MINTED`, `STORE_FAILED`
 */
export async function reportExisting(
  prepared: PreparedModel,
  record: ModelRecord,
  { store, reading = store }: Pick<MintContext, "store" | "reading">,
): Promise<MintedModel> {
  const { built } = prepared;
  const recordedUri = toIpfsUri(rawCidOfDigest(record.metadataDigest));
  const result = { tokenId: record.tokenId, uri: recordedUri, record };
  if (record.metadataDigest === built.metadataDigest) {
    await pinMetadata(built, store);
    return result;
  }
  if (await saysTheSame(prepared, record, reading)) return result;
  throw new ProvenanceError(
    "ALREADY_MINTED",
    `This model is minted already with other metadata. Token ${toHex32(record.tokenId)} by ${record.creator} says ${recordedUri}; ` +
      `this run would say ${built.uri}. A record cannot be changed: to keep it, run with the options of the first mint.`,
  );
}

/** Equal but for the signature: wallets may sign the same statement in different bytes. */
async function saysTheSame({ built }: PreparedModel, record: ModelRecord, source: BlockSource): Promise<boolean> {
  try {
    const recorded = await readMetadata(record.metadataDigest, source);
    return unsignedJson(recorded).equals(unsignedJson(built.metadata));
  } catch {
    return false; // What cannot be read cannot be called the same.
  }
}

function unsignedJson({ signature: _, ...rest }: Metadata): Buffer {
  return Buffer.from(canonicalJson(rest));
}

/**
 * Makes sure that a model's parents are recorded.
 *
 * @param before - token ids that will be recorded before it, 0x-hex of 32 bytes
 * @throws {ProvenanceError} `PARENT_UNKNOWN`, `CHAIN_UNREACHABLE`
 */
export async function assertParentsKnown(
  { built }: PreparedModel,
  registry: Registry,
  before: ReadonlySet<string> = new Set(),
): Promise<void> {
  for (const { tokenId } of built.metadata.provenance.parents ?? []) {
    if (before.has(tokenId)) continue;
    if ((await readModelRecord(registry, BigInt(tokenId))) !== undefined) continue;
    throw new ProvenanceError(
      "PARENT_UNKNOWN",
      `The parent ${tokenId} is not in the registry ${registry.address}. Mint it first, give its token id if it was minted with ignored paths, or name it in BASE_MODELS.`,
    );
  }
}
