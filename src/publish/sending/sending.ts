import { setTimeout as sleep } from "node:timers/promises";
import { type JsonRpcApiProvider, type Signer, sha256 } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Hex } from "../../base/hex.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { toChainError } from "../../registry/chain-error.ts";
import type { Registry } from "../../registry/registry.ts";

/** What identifies a call of the registry among attempts: SHA-256 of its data, 0x-hex. */
export function digestCall(data: string): Hex {
  return sha256(data) as Hex;
}

/** Where attempts are written down before they are sent. `Journal` is one. */
export interface SentLog {
  readonly entry: { readonly sent: readonly Attempt[] };
  update(change: { sent: Attempt[] }): Promise<void>;
}

/** Time, as the waiting for a transaction uses it. */
export interface Clock {
  /** Milliseconds that do not go back. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** How transactions are sent and waited for. */
export interface SendingOptions {
  /** The most to offer for a unit of gas, in wei. */
  readonly maxFeePerGas?: bigint;
  /** Blocks that a transaction must be deep, its own included; 1 when left out. */
  readonly confirmations?: number;
  /** How long to wait for them; 600 when left out. */
  readonly waitSeconds?: number;
  readonly clock?: Clock;
}

/** Who sends where, and who is told. */
export interface Sender {
  readonly registry: Registry;
  readonly signer: Signer;
  readonly options: SendingOptions;
  /** Does some work while nobody else chooses a nonce of the account. */
  readonly exclusive: <T>(account: string, work: () => Promise<T>) => Promise<T>;
  readonly warn: (text: string) => void;
  /** Called with a transaction's hash when the node took it. */
  readonly onSent: (hash: string) => void;
}

/** The clock of this machine. */
export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  sleep: async (milliseconds) => sleep(milliseconds),
};

/**
 * Makes sure that the node is still of the chain it was of: behind one URL there may be several.
 *
 * @throws {ProvenanceError} `CHAIN_MISMATCH`, `CHAIN_UNREACHABLE`
 */
export async function assertSameChain({ provider, chainId, contract }: Registry): Promise<void> {
  const { send } = provider as Partial<Pick<JsonRpcApiProvider, "send">>;
  if (send === undefined) return;
  const answer: unknown = await send.call(provider, "eth_chainId", []).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if (BigInt(answer as string) === chainId) return;
  const text = `The node says now that it is of chain ${BigInt(answer as string)}; it was of chain ${chainId}. Nothing was sent to it. Check the RPC URL.`;
  throw new ProvenanceError("CHAIN_MISMATCH", text);
}
