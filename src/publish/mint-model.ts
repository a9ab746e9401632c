import { toChainError } from "../chain/chain-error.ts";
import { suggestFees } from "../chain/fees.ts";
import { type Followed, followTransaction, markOutcome } from "../chain/follow-transaction.ts";
import { assertMinter, encodeMint, toSubmission } from "../chain/mint.ts";
import { type ModelRecord, readModelRecord } from "../chain/model-record.ts";
import { sendTransaction } from "../chain/send-transaction.ts";
import { SYSTEM_CLOCK, digestCall } from "../chain/sending.ts";
import { type MinedTransaction, type SentState, inspectSent } from "../chain/sent-transaction.ts";
import { assertAffordable, estimateTransaction } from "../chain/transaction-cost.ts";
import { ProvenanceError } from "../errors.ts";
import type { Attempt, ModelEntry } from "../state/journal-schema.ts";
import type { Journal } from "../state/journal.ts";
import { memoryState } from "../state/publisher-state.ts";
import { assertParentsKnown } from "./check-parents.ts";
import { assertSameMetadata, uriOfRecord } from "./compare-record.ts";
import { type MintContext, type MintRun, type MintedModel, toSender } from "./mint-context.ts";
import { pinRecorded } from "./pin-recorded.ts";
import type { PreparedModel } from "./prepare-model.ts";
import { readPlace } from "./read-place.ts";

// A nonce that somebody else took, a block that left the chain: each costs a round.
const MAX_ROUNDS = 5;
const VISIBLE_TRIES = 50;
const VISIBLE_MILLISECONDS = 200;

/**
 * Pins a model's metadata and mints its token, from wherever an earlier run stopped. The chain is asked first, then the
 * receipts of what was sent, then the mempool: a model that is minted already with the same metadata is returned as it
 * is, and never minted twice.
 *
 * @param journal - of this model, whose lock the caller holds; kept in memory when left out
 * @throws {ProvenanceError} `ALREADY_MINTED` (with other metadata), `NOT_MINTER`, `PARENT_UNKNOWN`, `STORE_FAILED`,
 *   `TRANSACTION_REFUSED`, `TRANSACTION_PENDING`, `COST_TOO_HIGH`, `CHAIN_UNREACHABLE`, `CHAIN_MISMATCH`,
 *   `STATE_FAILED`, and whatever `confirm` throws
 */
export async function mintModel(
  prepared: PreparedModel,
  context: MintContext,
  journal?: Journal<ModelEntry>,
): Promise<MintedModel> {
  const run = await startRun(prepared, context, journal);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const record = await readModelRecord(context.registry, run.tokenId);
    if (record !== undefined) {
      const minted = await reportRecord(run, record);
      if (minted !== undefined) return minted;
    }
    const state = await inspect(run);
    const followed = isAlive(state) ? await goOn(run, state) : await begin(run);
    if (followed.kind === "mined") return finish(run, followed.transaction);
    if (followed.kind === "reverted") await explainReverted(run, followed.transaction);
  }
  const text = `The account ${run.from} is used by others at the same time: ${MAX_ROUNDS} nonces in turn were taken. Run again.`;
  throw new ProvenanceError("TRANSACTION_PENDING", text);
}

async function startRun(prepared: PreparedModel, context: MintContext, given?: Journal<ModelEntry>): Promise<MintRun> {
  const { modelDigest } = prepared.model;
  const from = await context.signer.getAddress();
  const journal = given ?? (await memoryState().openModel(await readPlace(context.registry), modelDigest));
  const to = context.to ?? from;
  const sender = toSender(context);
  return { prepared, context, sender, journal, log: journal, tokenId: BigInt(modelDigest), from, to };
}

/** The token is there. @returns undefined if it left the chain again before it was deep enough */
async function reportRecord(run: MintRun, record: ModelRecord): Promise<MintedModel | undefined> {
  const { prepared, context, journal, tokenId } = run;
  await assertSameMetadata(prepared.built, record, context.reading ?? context.store);
  if (record.metadataDigest === prepared.built.metadataDigest) await pin(run);
  const existing = { tokenId, uri: uriOfRecord(record), record };
  if (journal.entry.mined !== undefined || (await inspect(run)).kind !== "mined") return existing;
  const followed = await followTransaction(run.sender, run.log);
  return followed.kind === "mined" ? finish(run, followed.transaction) : undefined;
}

async function pin({ prepared, context, journal }: MintRun): Promise<void> {
  await pinRecorded(prepared.built, context.store, journal, context.pinning);
}

function isAlive({ kind }: SentState): boolean {
  return kind === "pending" || kind === "occupied" || kind === "dropped" || kind === "mined";
}

/** Nothing is under way: from the start. */
async function begin(run: MintRun): Promise<Followed> {
  const { prepared, context, journal, from } = run;
  const { metadataDigest, metadata, block } = prepared.built;
  if (journal.entry.mined !== undefined) {
    context.warn(`The block with the transaction ${journal.entry.mined.hash} is no longer part of the chain.`);
  }
  const signed = { metadataDigest, metadata: Buffer.from(block.bytes).toString("utf8") };
  await journal.update({ signed, mined: undefined });
  await assertMinter(context.registry, from);
  await assertParentsKnown(metadata.provenance, context.registry);
  await send(run);
  return followTransaction(run.sender, run.log);
}

/** An earlier run sent a transaction, or was about to. */
async function goOn(run: MintRun, state: SentState): Promise<Followed> {
  const { sender } = run;
  if (state.kind === "dropped" && state.attempt.from !== run.from) {
    await markOutcome(run.log, state.attempt, "replaced"); // The key that could replace it is not at hand.
    return begin(run);
  }
  const differs = "attempt" in state && state.attempt.call !== digestCall(encodeCall(run, () => undefined));
  if (differs && state.kind !== "dropped") {
    throw new ProvenanceError(
      "TRANSACTION_PENDING",
      "An earlier run sent a transaction that mints this model with other metadata or for another owner, and it may still " +
        "be mined. Run again with the options of that run to wait for it.",
    );
  }
  await pin(run);
  const isStuck = differs || (state.kind === "pending" && (await isPricedOut(run, state.attempt)));
  if (isStuck && "attempt" in state) await send(run, state.attempt);
  const followed = await followTransaction(sender, run.log);
  if (followed.kind !== "dropped") return followed;
  await send(run, followed.attempt);
  return followTransaction(sender, run.log);
}

function encodeCall({ prepared, context, to }: MintRun, warn: (text: string) => void): string {
  const { metadata, metadataDigest } = prepared.built;
  return encodeMint(context.registry, to, toSubmission(metadata.provenance, metadataDigest, warn));
}

/** What a node waits for may offer less than blocks ask by now. */
async function isPricedOut({ context }: MintRun, { maxFeePerGas }: Attempt): Promise<boolean> {
  const { provider, contract } = context.registry;
  const { baseFee } = await suggestFees(provider).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  return BigInt(maxFeePerGas) < baseFee;
}

async function send(run: MintRun, replaces?: Attempt): Promise<void> {
  const { prepared, context, from, to, sender } = run;
  const data = encodeCall(run, context.warn);
  const cost = await estimateTransaction(context.registry, from, data, {
    ...(context.sending?.maxFeePerGas !== undefined && { maxFeePerGas: context.sending.maxFeePerGas }),
    ...(replaces && { replaces }),
  });
  await context.confirm({ models: [prepared], from, to, ...cost, ...(replaces && { replaces }) });
  assertAffordable(from, cost);
  await pin(run);
  await sendTransaction({ data, cost }, sender, run.log, replaces);
}

async function finish(run: MintRun, transaction: MinedTransaction): Promise<MintedModel> {
  const { context, journal, tokenId, prepared } = run;
  const { transactionHash: hash, blockNumber, blockHash, gasUsed } = transaction;
  await journal.update({ mined: { hash, blockNumber, blockHash, gasUsed: String(gasUsed) } });
  const { sleep } = context.sending?.clock ?? SYSTEM_CLOCK;
  for (let tries = 0; tries < VISIBLE_TRIES; tries++) {
    const record = await readModelRecord(context.registry, tokenId);
    if (record !== undefined) return { tokenId, uri: prepared.built.uri, record, transaction };
    await sleep(VISIBLE_MILLISECONDS); // Behind one URL there may be nodes of which one is a block behind.
  }
  const text = `The node mined ${hash} and does not know the token yet. Run again: nothing is minted twice.`;
  throw new ProvenanceError("CHAIN_UNREACHABLE", text);
}

/** Somebody else may have been faster: that shows in the next round. Otherwise the call is tried for its reason. */
async function explainReverted(run: MintRun, { transactionHash, blockNumber }: MinedTransaction): Promise<void> {
  const { registry } = run.context;
  if ((await readModelRecord(registry, run.tokenId)) !== undefined) return;
  const reason = await estimateTransaction(
    registry,
    run.from,
    encodeCall(run, () => undefined),
  ).then(
    () => "It would succeed now: run again.",
    (error: Error) => error.message,
  );
  const text = `The transaction ${transactionHash} was mined in block ${blockNumber} and did not succeed. ${reason}`;
  throw new ProvenanceError("TRANSACTION_REFUSED", text);
}

async function inspect({ context, log }: MintRun): Promise<SentState> {
  const { provider, contract } = context.registry;
  return inspectSent(provider, log.entry.sent).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
}
