import type { Interface, Provider, Signer } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { toChainError } from "../../registry/chain-error.ts";
import type { Registry } from "../../registry/registry.ts";
import type { SendingOptions } from "./sending.ts";
import type { MinedTransaction } from "./sent-transaction.ts";
import { type TransactionCost, costOf } from "./transaction-cost.ts";

const WAIT_SECONDS = 10 * 60;

/** A call of a contract that changes something. */
export interface ContractCall {
  /** The contract. */
  readonly to: string;
  /** Selector and arguments, 0x-hex. */
  readonly data: string;
  /** Of the contract: its errors are read by it. */
  readonly contractInterface: Interface;
}

/** A transaction that is about to be sent. */
export interface TransactionPlan extends TransactionCost {
  /** The account that sends and pays. */
  readonly from: string;
  readonly call: ContractCall;
}

/** Who sends a transaction, and who is told of it. */
export interface TransactionContext {
  readonly signer: Signer;
  /** Called with what the transaction will take, before it is sent; it throws to stop. */
  readonly confirm?: (plan: TransactionPlan) => Promise<void>;
  /** Called with the transaction's hash as soon as the node took it. */
  readonly onSent?: (transactionHash: string) => void;
  readonly sending?: WaitingOptions;
}

/** What to offer for a unit of gas, how deep the transaction must be, and how long to wait for that. */
export type WaitingOptions = Omit<SendingOptions, "clock">;

/**
 * Estimates a call, asks for consent, sends it, and waits until it is in a block.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `CHAIN_UNREACHABLE`, and whatever `confirm`
 *   throws
 */
export async function transact(
  provider: Provider,
  call: ContractCall,
  { signer, confirm, onSent, sending }: TransactionContext,
): Promise<MinedTransaction> {
  const from = await signer.getAddress();
  const cost = await estimateCall(provider, from, call, sending);
  await confirm?.({ from, call, ...cost });
  return sendCall(signer, call, cost, onSent, sending);
}

/** The same for a call of a registry. */
export async function changeRegistry(
  { address, provider, contract }: Registry,
  data: string,
  context: TransactionContext,
): Promise<MinedTransaction> {
  return transact(provider, { to: address, data, contractInterface: contract.interface }, context);
}

/**
 * Estimates a call by running it against the current state.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `COST_TOO_HIGH` for fees above the cap,
 *   `CHAIN_UNREACHABLE`
 */
export async function estimateCall(
  provider: Provider,
  from: string,
  { to, data, contractInterface }: ContractCall,
  { maxFeePerGas }: WaitingOptions = {},
): Promise<TransactionCost> {
  try {
    const limits = { ...(maxFeePerGas !== undefined && { maxFeePerGas }) };
    return await costOf(provider, from, await provider.estimateGas({ from, to, data }), limits);
  } catch (error) {
    throw toChainError(error, contractInterface);
  }
}

/**
 * Sends a call and waits until it is in a block, and as deep as wanted.
 *
 * @param onSent - called with the transaction's hash as soon as the node took it
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
async function sendCall(
  signer: Signer,
  { to, data, contractInterface }: ContractCall,
  { fees }: Pick<TransactionCost, "fees">,
  onSent?: (transactionHash: string) => void,
  { confirmations = 1, waitSeconds = WAIT_SECONDS }: WaitingOptions = {},
): Promise<MinedTransaction> {
  const transaction = await signer.sendTransaction({ to, data, ...fees }).catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
  onSent?.(transaction.hash);
  const receipt = await transaction.wait(confirmations, waitSeconds * 1000).catch((error: unknown) => {
    const failure = toChainError(error, contractInterface);
    const text = `Transaction ${transaction.hash} was sent, and then: ${failure.message} Run again: nothing is done twice.`;
    throw new ProvenanceError(failure.code, text, { cause: error });
  });
  if (receipt === null)
    throw new ProvenanceError("CHAIN_UNREACHABLE", `There is no receipt for ${transaction.hash} yet.`);
  const { hash: transactionHash, blockNumber, blockHash, gasUsed } = receipt;
  return { transactionHash, blockNumber, blockHash, gasUsed };
}
