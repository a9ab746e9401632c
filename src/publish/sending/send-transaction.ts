import { BaseWallet, JsonRpcSigner, Transaction } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";
import type { Registry } from "../../registry/registry.ts";
import { feeCeiling } from "./fees.ts";
import { classifySendFailure } from "./send-failure.ts";
import { SYSTEM_CLOCK, type SentLog, type Sender, assertSameChain, digestCall } from "./sending.ts";
import type { TransactionCost } from "./transaction-cost.ts";

/** A call of the registry, and what it may cost. */
export interface Call {
  /** 0x-hex. */
  readonly data: string;
  readonly cost: TransactionCost;
}

const NONCE_TRIES = 5;
const VISIBLE_TRIES = 20;
const VISIBLE_MILLISECONDS = 100;

/**
 * Sends a call: at the account's next nonce, or in the place of an attempt at its nonce. Each attempt is written down
 * before the node hears of it, signed where the key is at hand. Where nobody knows whether the node took it, this
 * returns as if it had: `followTransaction` finds out.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE` before anything is sent, and
 *   what the log throws
 */
export async function sendTransaction(call: Call, sender: Sender, log: SentLog, replaces?: Attempt): Promise<void> {
  const { registry } = sender;
  const from = await sender.signer.getAddress();
  await sender.exclusive(from, async () => {
    await assertSameChain(registry);
    let nonce = replaces?.nonce ?? (await nextNonce(sender, from));
    for (let tries = 1; ; tries++) {
      const attempt = await prepareAttempt(call, sender, from, nonce);
      await log.update({ sent: [...log.entry.sent, attempt] });
      const failure = await tryAttempt(attempt, call, sender, log);
      if (failure === undefined) break;
      await log.update({ sent: [...log.entry.sent.slice(0, -1), { ...attempt, outcome: "refused" }] });
      const isTaken = failure.kind === "nonce-used" || failure.kind === "nonce-taken";
      // In the place of another: that one may be in a block by now.
      if (isTaken && replaces !== undefined) return;
      if (!isTaken || tries === NONCE_TRIES) throw refusal(failure.error, sender);
      nonce = Math.max(nonce + 1, await nextNonce(sender, from));
    }
    await waitUntilCounted(sender, from, nonce);
  });
}

/**
 * Broadcasts a signed attempt once more, as it is.
 *
 * @returns false where the node will not have it: it has to be replaced
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, and as {@link readSigned}
 */
export async function broadcastAgain(attempt: Attempt, sender: Sender): Promise<boolean> {
  const { raw } = attempt;
  if (raw === undefined) return false;
  readSigned(raw, attempt, sender.registry);
  await assertSameChain(sender.registry);
  try {
    sender.onSent((await sender.registry.provider.broadcastTransaction(raw)).hash);
    return true;
  } catch (error) {
    const failure = classifySendFailure(error);
    if (failure === "refused") throw refusal(error, sender);
    return failure !== "fee-too-low";
  }
}

/** @returns why the node did not take it; undefined where it did, or may have */
async function tryAttempt(attempt: Attempt, call: Call, sender: Sender, log: SentLog) {
  let hash: string;
  try {
    hash = await broadcast(attempt, call, sender);
  } catch (error) {
    const kind = classifySendFailure(error);
    return kind === "known" || kind === "unknown" ? undefined : { kind, error };
  }
  sender.onSent(hash);
  if (attempt.hash === undefined) await log.update({ sent: [...log.entry.sent.slice(0, -1), { ...attempt, hash }] });
  return undefined;
}

/**
 * Reads the call of a signed transaction that was written down, and makes sure that it is the one it is said to be.
 *
 * @returns 0x-hex
 * @throws {ProvenanceError} `STATE_DAMAGED`
 */
export function readSigned(raw: string, attempt: Attempt, registry: Registry): string {
  try {
    const { hash, from, nonce, to, chainId, data } = Transaction.from(raw);
    const isIt = hash === attempt.hash && from === attempt.from && nonce === attempt.nonce;
    if (isIt && to === registry.address && chainId === registry.chainId && digestCall(data) === attempt.call)
      return data;
  } catch {
    // Told as any other that is not what it should be.
  }
  throw new ProvenanceError(
    "STATE_DAMAGED",
    `The journal holds a signed transaction that is not ${attempt.hash ?? "the one it is said to be"}. Nothing was sent. ` +
      "Move the journal elsewhere and run again: the chain is asked first, and nothing is minted twice.",
  );
}

async function nextNonce({ registry }: Sender, from: string): Promise<number> {
  return registry.provider.getTransactionCount(from, "pending").catch((error: unknown) => {
    throw toChainError(error, registry.contract.interface);
  });
}

async function prepareAttempt({ data, cost }: Call, sender: Sender, from: string, nonce: number): Promise<Attempt> {
  const { signer, registry } = sender;
  const { fees } = cost;
  const tip = "gasPrice" in fees ? {} : { maxPriorityFeePerGas: String(fees.maxPriorityFeePerGas) };
  const attempt = { from, nonce, call: digestCall(data), maxFeePerGas: String(feeCeiling(fees)), ...tip };
  if (!(signer instanceof BaseWallet)) return attempt;
  const type = "gasPrice" in fees ? 0 : 2;
  const to = registry.address;
  const raw = await signer.signTransaction({ type, chainId: registry.chainId, nonce, to, data, ...fees });
  return { ...attempt, raw, hash: Transaction.from(raw).hash as string };
}

async function broadcast({ raw, nonce }: Attempt, { data, cost }: Call, sender: Sender): Promise<string> {
  const { registry, signer } = sender;
  if (raw !== undefined) return (await registry.provider.broadcastTransaction(raw)).hash;
  const request = { to: registry.address, data, nonce, ...cost.fees };
  if (signer instanceof JsonRpcSigner) return signer.sendUncheckedTransaction(request);
  return (await signer.sendTransaction(request)).hash;
}

/** Until the node counts the nonce, the next to ask would be told the same one. */
async function waitUntilCounted(sender: Sender, from: string, nonce: number): Promise<void> {
  const { sleep } = sender.options.clock ?? SYSTEM_CLOCK;
  for (let tries = 0; tries < VISIBLE_TRIES; tries++) {
    const counted = await nextNonce(sender, from).catch(() => Infinity);
    if (counted > nonce) return;
    await sleep(VISIBLE_MILLISECONDS);
  }
}

function refusal(error: unknown, { registry }: Sender): ProvenanceError {
  const failure = toChainError(error, registry.contract.interface);
  if (failure.code !== "CHAIN_UNREACHABLE") return failure;
  // The node answered, and said no.
  return new ProvenanceError("TRANSACTION_REFUSED", failure.message, { cause: error });
}
