import { assertMinter, encodePrepared } from "./mint.ts";
import { type ModelRecord, readModelRecord } from "../registry/model-record.ts";
import { followTransaction } from "./sending/follow-transaction.ts";
import { SYSTEM_CLOCK } from "./sending/sending.ts";
import type { MinedTransaction } from "./sending/sent-transaction.ts";
import { assertAffordable } from "./sending/transaction-cost.ts";
import { ProvenanceError } from "../base/errors.ts";
import type { ModelEntry } from "./journal/journal-schema.ts";
import type { Journal } from "./journal/journal.ts";
import { memoryState } from "./journal/publisher-state.ts";
import { assertParentsKnown } from "./check-parents.ts";
import { assertSameMetadata, uriOfRecord } from "./compare-record.ts";
import type { MintContext, MintableModel, MintedModel } from "./mint-context.ts";
import { pinRecorded } from "./pin-recorded.ts";
import { readPlace } from "./read-place.ts";
import { type Settling, inspectLog, isAlive, settleCall } from "./settle.ts";
import { callOf, toSender } from "./transact.ts";

const VISIBLE_TRIES = 50;
const VISIBLE_MILLISECONDS = 200;

/** The minting of one model under way. */
interface MintRun<Model extends MintableModel> {
  readonly prepared: Model;
  readonly context: MintContext<Model>;
  readonly journal: Journal<ModelEntry>;
  readonly settling: Settling;
}

/**
 * Pins a model's metadata and mints its token, from wherever an earlier run stopped. The chain is asked first, then the
 * receipts of what was sent, then the mempool: a model that is minted already with the same metadata is returned as it
 * is, and never minted twice.
 *
 * @param given - the model's journal, whose lock the caller holds; kept in memory when left out
 * @throws {ProvenanceError} `ALREADY_MINTED` (with other metadata), `NOT_MINTER`, `PARENT_UNKNOWN`, `STORE_FAILED`,
 *   `TRANSACTION_REFUSED`, `TRANSACTION_PENDING`, `COST_TOO_HIGH`, `CHAIN_UNREACHABLE`, `CHAIN_MISMATCH`,
 *   `STATE_FAILED`, and whatever `confirm` throws
 */
export async function mintModel<Model extends MintableModel>(
  prepared: Model,
  context: MintContext<Model>,
  given?: Journal<ModelEntry>,
): Promise<MintedModel> {
  const { modelDigest } = prepared.model;
  const journal = given ?? (await memoryState().openModel(await readPlace(context.registry), modelDigest));
  const run: MintRun<Model> = { prepared, context, journal, settling: await startSettling(prepared, context, journal) };
  let minted: MintedModel | undefined;
  const transaction = await settleCall({
    ...run.settling,
    isDone: async () => (minted = await reportRecorded(run)) !== undefined,
    onRound: async (state) => {
      if (isAlive(state)) await pinRecorded(prepared.built, context.store, journal, context.pinning);
      else await startOver(run);
    },
  });
  return transaction === undefined ? (minted as unknown as MintedModel) : finish(run, transaction);
}

/**
 * Looks whether a model's token is there. What is pinned is completed then, and a transaction of an earlier run is
 * waited for until it is as deep as was asked.
 *
 * @returns undefined if there is no token, or it left the chain again
 * @throws {ProvenanceError} `ALREADY_MINTED`
 */
async function reportRecorded<Model extends MintableModel>({
  prepared,
  context,
  journal,
  settling,
}: MintRun<Model>): Promise<MintedModel | undefined> {
  const tokenId = BigInt(prepared.model.modelDigest);
  const record = await readModelRecord(context.registry, tokenId);
  if (record === undefined) return undefined;
  const { built } = prepared;
  await assertSameMetadata(built, record, context.reading ?? context.store);
  if (record.metadataDigest === built.metadataDigest) await pinRecorded(built, context.store, journal, context.pinning);
  const existing = { tokenId, uri: uriOfRecord(record), record };
  if (journal.entry.mined !== undefined || (await inspectLog(settling)).kind !== "mined") return existing;
  const followed = await followTransaction(settling);
  return followed.kind === "mined" ? finish({ prepared, context, journal, settling }, followed.transaction) : undefined;
}

async function startSettling<Model extends MintableModel>(
  prepared: Model,
  context: MintContext<Model>,
  journal: Journal<ModelEntry>,
): Promise<Settling> {
  const from = await context.signer.getAddress();
  const to = context.to ?? from;
  const call = callOf(context.registry, encodePrepared(context.registry, to, prepared, context.warn));
  return {
    sender: toSender(context.registry, context),
    log: journal,
    from,
    call,
    beforeSending: async (cost, replaces) => {
      await context.confirm({ models: [prepared], count: 1, from, to, ...cost, ...(replaces && { replaces }) });
      const isPaidElsewhere = context.propose !== undefined || context.paidElsewhere === true;
      if (!isPaidElsewhere) assertAffordable(from, cost, context.registry.chainId);
      await pinRecorded(prepared.built, context.store, journal, context.pinning);
      await context.propose?.(call);
    },
  };
}

/** Nothing is under way. What is signed is written down, and what can be refused is refused before anything is asked. */
async function startOver<Model extends MintableModel>({
  prepared,
  context,
  journal,
  settling,
}: MintRun<Model>): Promise<void> {
  const { metadataDigest, metadata, block } = prepared.built;
  if (journal.entry.mined !== undefined) {
    context.warn(`The block with the transaction ${journal.entry.mined.hash} is no longer part of the chain.`);
  }
  const signed = { metadataDigest, metadata: new TextDecoder().decode(block.bytes) };
  await journal.update({ signed, mined: undefined, batch: undefined });
  await assertMinter(context.registry, settling.from);
  await assertParentsKnown(metadata.provenance, context.registry);
}

async function finish<Model extends MintableModel>(
  { context, journal, prepared }: MintRun<Model>,
  transaction: MinedTransaction,
): Promise<MintedModel> {
  await writeMined(journal, transaction);
  const tokenId = BigInt(prepared.model.modelDigest);
  const record = await waitForRecord(tokenId, context, transaction);
  return { tokenId, uri: prepared.built.uri, record, transaction };
}

/** Writes down with which transaction a model was minted. */
export async function writeMined(journal: Journal<ModelEntry>, transaction: MinedTransaction): Promise<void> {
  const { transactionHash: hash, blockNumber, blockHash, gasUsed } = transaction;
  await journal.update({ mined: { hash, blockNumber, blockHash, gasUsed: String(gasUsed) } });
}

/** Reads the record of a token that was minted. @throws {ProvenanceError} `CHAIN_UNREACHABLE` if it does not show */
export async function waitForRecord(
  tokenId: bigint,
  { registry, sending }: Pick<MintContext, "registry" | "sending">,
  { transactionHash }: MinedTransaction,
): Promise<ModelRecord> {
  const { sleep } = sending?.clock ?? SYSTEM_CLOCK;
  for (let tries = 0; tries < VISIBLE_TRIES; tries++) {
    const record = await readModelRecord(registry, tokenId);
    if (record !== undefined) return record;
    await sleep(VISIBLE_MILLISECONDS); // Behind one URL there may be nodes of which one is a block behind.
  }
  const text = `The node mined ${transactionHash} and does not know the token yet. Run again: nothing is minted twice.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}
