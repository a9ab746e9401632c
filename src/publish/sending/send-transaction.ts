import { BaseWallet, JsonRpcSigner, Transaction } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { askNonce } from "./ask-node.ts";
import { WalletSigner } from "./wallet-signer.ts";
import { readNodeError } from "../../base/node/node-error.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";
import { feeCeiling } from "./fees.ts";
import { type SendFailure, classifySendFailure } from "./send-failure.ts";
import { type ContractCall, SYSTEM_CLOCK, type Sender, type Sending, assertSameChain, digestCall } from "./sending.ts";
import type { TransactionCost } from "./transaction-cost.ts";

const VISIBLE_TRIES = 20;
const VISIBLE_MILLISECONDS = 100;

/** Why a node did not take a transaction, as far as that is known. */
export interface Unsent {
  readonly kind: SendFailure;
  /** What it said. */
  readonly words: string;
}

/**
 * Sends a call: at the account's next nonce, or in the place of an attempt at its nonce. The attempt is written down
 * before the node hears of it, signed where the key is at hand. Where nobody knows whether the node took it, where it takes
 * nothing for now, or the nonce turns out to be used, this returns as if it had: `followTransaction` finds out.
 *
 * @returns why the node may not have taken it; undefined where it did
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE` before anything is sent, and
 *   what the log throws
 */
export async function sendTransaction(
  { sender, log, call }: Sending,
  cost: TransactionCost,
  replaces?: Attempt,
): Promise<Unsent | undefined> {
  const from = await sender.signer.getAddress();
  return sender.exclusive(from, async () => {
    await assertSameChain(sender, call.contractInterface);
    const nonce = replaces?.nonce ?? (await nextNonce(sender, from, call));
    const attempt = await prepareAttempt(call, cost, sender, from, nonce);
    await log.update({ sent: [...log.entry.sent, attempt] });
    const end = async (change: Partial<Attempt>) =>
      log.update({ sent: [...log.entry.sent.slice(0, -1), { ...attempt, ...change }] });
    try {
      const hash = await broadcast(attempt, call, cost, sender);
      sender.onSent(hash);
      if (attempt.hash === undefined) await end({ hash, nonce: await nonceOf(hash, sender, nonce) });
    } catch (error) {
      const kind = kindOf(error, sender);
      if (kind === "refused" || kind === "fee-too-low") {
        await end({ outcome: "refused" });
        throw refusal(error, call);
      }
      if (kind === "nonce-used" || kind === "nonce-taken") await end({ outcome: "refused" });
      if (kind !== "known" && kind !== "nonce-used" && kind !== "nonce-taken")
        return { kind, words: readNodeError(error).words };
    }
    await waitUntilCounted(sender, from, nonce, call);
    return undefined;
  });
}

/**
 * Broadcasts a signed attempt once more, as it is.
 *
 * @returns why the node may not have taken it; `fee-too-low` also where it cannot be broadcast from here: it has to be
 *   replaced then
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, and as {@link readSigned}
 */
export async function broadcastAgain(attempt: Attempt, { sender, call }: Sending): Promise<Unsent | undefined> {
  const { raw } = attempt;
  if (raw === undefined) return { kind: "fee-too-low", words: "" };
  readSigned(raw, attempt, { to: call.to, chainId: sender.chainId });
  await assertSameChain(sender, call.contractInterface);
  return sender.exclusive(attempt.from, async () => {
    try {
      sender.onSent((await sender.provider.broadcastTransaction(raw)).hash);
      return undefined;
    } catch (error) {
      const kind = classifySendFailure(error);
      if (kind === "refused") throw refusal(error, call);
      return { kind, words: readNodeError(error).words };
    }
  });
}

/**
 * Reads the call of a signed transaction that was written down, and makes sure that it is the one it is said to be.
 *
 * @returns 0x-hex
 * @throws {ProvenanceError} `STATE_DAMAGED`
 */
export function readSigned(
  raw: string,
  attempt: Attempt,
  where: { readonly to: string; readonly chainId: bigint },
): string {
  try {
    const { hash, from, nonce, to, chainId, data } = Transaction.from(raw);
    const isIt = hash === attempt.hash && from === attempt.from && nonce === attempt.nonce;
    if (isIt && to === where.to && chainId === where.chainId && digestCall(data) === attempt.call) return data;
  } catch {
    // Told as any other that is not what it should be.
  }
  throw new ProvenanceError(
    "STATE_DAMAGED",
    `The journal holds a signed transaction that is not ${attempt.hash ?? "the one it is said to be"}. Nothing was sent. ` +
      "Move the journal elsewhere and run again: the chain is asked first, and nothing is minted twice.",
  );
}

async function nextNonce({ provider }: Sender, from: string, { contractInterface }: ContractCall): Promise<number> {
  return provider.getTransactionCount(from, "pending").catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
}

async function prepareAttempt(
  { to, data, value = 0n }: ContractCall,
  { fees }: TransactionCost,
  { signer, chainId }: Sender,
  from: string,
  nonce: number,
): Promise<Attempt> {
  const tip = "gasPrice" in fees ? {} : { maxPriorityFeePerGas: String(fees.maxPriorityFeePerGas) };
  const attempt = { from, nonce, call: digestCall(data), maxFeePerGas: String(feeCeiling(fees)), ...tip };
  if (!(signer instanceof BaseWallet)) return attempt;
  const type = "gasPrice" in fees ? 0 : 2;
  const raw = await signer.signTransaction({ type, chainId, nonce, to, data, value, ...fees });
  return { ...attempt, raw, hash: Transaction.from(raw).hash as string };
}

async function broadcast(
  { raw, nonce }: Attempt,
  { to, data, value = 0n }: ContractCall,
  { fees }: TransactionCost,
  { provider, signer }: Sender,
): Promise<string> {
  if (raw !== undefined) return (await provider.broadcastTransaction(raw)).hash;
  if (signer instanceof WalletSigner) return signer.send({ to, data, value, gasLimit: fees.gasLimit });
  const request = { to, data, value, nonce, ...fees };
  if (signer instanceof JsonRpcSigner) return signer.sendUncheckedTransaction(request);
  return (await signer.sendTransaction(request)).hash;
}

/** A wallet chooses the nonce itself: what it chose stands in the transaction, once the node knows that. */
async function nonceOf(hash: string, { signer, provider, options }: Sender, guessed: number): Promise<number> {
  if (!(signer instanceof WalletSigner)) return guessed;
  const { sleep } = options.clock ?? SYSTEM_CLOCK;
  for (let tries = 0; tries < VISIBLE_TRIES; tries++) {
    const nonce = await askNonce(provider, hash).catch(() => undefined);
    if (nonce !== undefined) return nonce;
    await sleep(VISIBLE_MILLISECONDS);
  }
  return guessed;
}

/** What a wallet's node will not take the wallet has told its user: only where nothing is known it may have been sent. */
function kindOf(error: unknown, { signer }: Sender): SendFailure {
  // A node that did not answer may have taken it all the same.
  if (error instanceof ProvenanceError && error.code !== "CHAIN_UNREACHABLE") return "refused";
  const kind = classifySendFailure(error);
  if (!(signer instanceof WalletSigner)) return kind;
  return kind === "unknown" || kind === "known" ? "unknown" : "refused";
}

/** Until the node counts the nonce, the next to ask would be told the same one. */
async function waitUntilCounted(sender: Sender, from: string, nonce: number, call: ContractCall): Promise<void> {
  const { sleep } = sender.options.clock ?? SYSTEM_CLOCK;
  for (let tries = 0; tries < VISIBLE_TRIES; tries++) {
    const counted = await nextNonce(sender, from, call).catch(() => Infinity);
    if (counted > nonce) return;
    await sleep(VISIBLE_MILLISECONDS);
  }
}

function refusal(error: unknown, { contractInterface }: ContractCall): ProvenanceError {
  const failure = toChainError(error, contractInterface);
  if (failure.code !== "CHAIN_UNREACHABLE") return failure;
  const text = `The node refuses the transaction, and did not keep it: ${readNodeError(error).words}`;
  return new ProvenanceError("TRANSACTION_REFUSED", text, { cause: error });
}
