import { type Interface, type JsonRpcApiProvider, type Provider, type Signer, sha256 } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";

/** A call of a contract that changes something. */
export interface ContractCall {
  /** The contract. */
  readonly to: string;
  /** Selector and arguments, 0x-hex. */
  readonly data: string;
  /** Ether that goes along, in wei; none when left out. */
  readonly value?: bigint;
  /** Of the contract: its errors are read by it. */
  readonly contractInterface: Interface;
}

/** What identifies a call among attempts: SHA-256 of its data, 0x-hex. */
export function digestCall(data: string): Hex {
  return sha256(data) as Hex;
}

/** Where attempts are written down before they are sent. `Journal` is one. */
export interface SentLog {
  readonly entry: { readonly sent: readonly Attempt[] };
  update(change: { sent: Attempt[] }): Promise<void>;
}

/** A log that ends with the process. */
export function memoryLog(): SentLog {
  const entry: { sent: readonly Attempt[] } = { sent: [] };
  return {
    entry,
    update: ({ sent }) => {
      entry.sent = sent;
      return Promise.resolve();
    },
  };
}

/** Writes down what became of all attempts at a nonce: at most one of them was mined. */
export async function markOutcome(
  log: SentLog,
  { from, nonce }: Attempt,
  outcome: "replaced" | "reverted",
): Promise<void> {
  const sent = log.entry.sent.map((attempt) =>
    attempt.outcome === undefined && attempt.from === from && attempt.nonce === nonce
      ? { ...attempt, outcome }
      : attempt,
  );
  await log.update({ sent });
}

/** Time, as the waiting for a transaction uses it. */
export interface Clock {
  /** Milliseconds that do not go back. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How long a transaction is waited for. */
export const DEFAULT_WAIT_SECONDS = 600;

/** How transactions are sent and waited for. */
export interface SendingOptions {
  /** The most to offer for a unit of gas, in wei. */
  readonly maxFeePerGas?: bigint;
  /** Blocks that a transaction must be deep, its own included; 1 when left out. */
  readonly confirmations?: number;
  /** How long to wait for them, and for a node that takes no transaction for now; {@link DEFAULT_WAIT_SECONDS} when left out. */
  readonly waitSeconds?: number;
  readonly clock?: Clock;
}

/** Who sends where, and who is told. */
export interface Sender {
  readonly provider: Provider;
  readonly chainId: bigint;
  readonly signer: Signer;
  readonly options: SendingOptions;
  /** Does some work while nobody else chooses a nonce of the account. */
  readonly exclusive: <T>(account: string, work: () => Promise<T>) => Promise<T>;
  readonly warn: (text: string) => void;
  /** Called with a transaction's hash when the node took it. */
  readonly onSent: (hash: string) => void;
}

/** A call that is under way: who sends it, and what was sent of it. */
export interface Sending {
  readonly sender: Sender;
  readonly log: SentLog;
  readonly call: ContractCall;
}

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds) => new Promise((resolve) => void setTimeout(resolve, milliseconds)),
};

/**
 * Makes sure that the node is still of the chain it was of: behind one URL there may be several.
 *
 * @throws {ProvenanceError} `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE`
 */
export async function assertSameChain(
  { provider, chainId }: Pick<Sender, "provider" | "chainId">,
  contractInterface: Interface,
): Promise<void> {
  const { send } = provider as Partial<Pick<JsonRpcApiProvider, "send">>;
  if (send === undefined) return;
  const answer: unknown = await send.call(provider, "eth_chainId", []).catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
  if (typeof answer === "string" && /^0x[0-9a-f]{1,64}$/i.test(answer)) {
    if (BigInt(answer) === chainId) return;
    const text = `The node says now that it is of chain ${BigInt(answer)}; it was of chain ${chainId}. Nothing was sent to it. Check the RPC URL.`;
    throw new ProvenanceError("CHAIN_MISMATCH", text);
  }
  throw new ProvenanceError("CHAIN_UNREACHABLE", "The node does not say of which chain it is. Nothing was sent to it.");
}
