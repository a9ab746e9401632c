import type { Interface, Provider, Signer } from "ethers";
import { ProvenanceError } from "../errors.ts";
import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** Gas that one transaction may use (EIP-7825). */
export const TRANSACTION_GAS_CAP = 16_777_216n;

const MINING_TIMEOUT_MILLISECONDS = 10 * 60 * 1000;
// The account's own code may run on receiving a token; an estimate is only an estimate.
const GAS_MARGIN_PERCENT = 10n;

/** A call of a contract that changes something. */
export interface ContractCall {
  /** The contract. */
  readonly to: string;
  /** Selector and arguments, 0x-hex. */
  readonly data: string;
  /** Of the contract: its errors are read by it. */
  readonly contractInterface: Interface;
}

/** What sending a transaction will take. */
export interface TransactionCost {
  readonly gas: bigint;
  /** In wei for each unit of gas: the most that can be charged. */
  readonly maxFeePerGas: bigint;
  /** What the transaction carries so that no more is charged. */
  readonly fees: { readonly gasLimit: bigint } & (
    { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint } | { readonly gasPrice: bigint }
  );
  /** In wei: gas times the most that can be charged for it. */
  readonly worstCost: bigint;
  /** Of the account that pays, in wei. */
  readonly balance: bigint;
}

/** A transaction that is about to be sent. */
export interface TransactionPlan extends TransactionCost {
  /** The account that sends and pays. */
  readonly from: string;
  readonly call: ContractCall;
}

/** A transaction that was mined. */
export interface MinedTransaction {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/** Who sends a transaction, and who is told of it. */
export interface TransactionContext {
  readonly signer: Signer;
  /** Called with what the transaction will take, before it is sent; it throws to stop. */
  readonly confirm?: (plan: TransactionPlan) => Promise<void>;
  /** Called with the transaction's hash as soon as the node took it. */
  readonly onSent?: (transactionHash: string) => void;
}

/**
 * Estimates a call, asks for consent, sends it, and waits until it is in a block.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `CHAIN_UNREACHABLE`, and whatever `confirm`
 *   throws
 */
export async function transact(
  provider: Provider,
  call: ContractCall,
  { signer, confirm, onSent }: TransactionContext,
): Promise<MinedTransaction> {
  const from = await signer.getAddress();
  const cost = await estimateTransaction(provider, from, call);
  await confirm?.({ from, call, ...cost });
  return sendTransaction(signer, call, cost, onSent);
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
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `CHAIN_UNREACHABLE`
 */
export async function estimateTransaction(
  provider: Provider,
  from: string,
  { to, data, contractInterface }: ContractCall,
): Promise<TransactionCost> {
  try {
    return await costOf(provider, from, await provider.estimateGas({ from, to, data }));
  } catch (error) {
    throw toChainError(error, contractInterface);
  }
}

/** What a transaction of so much gas will take: some more of it, and the fees of now. Errors are the node's own. */
export async function costOf(provider: Provider, from: string, estimate: bigint): Promise<TransactionCost> {
  const fees = await provider.getFeeData();
  const ample = (estimate * (100n + GAS_MARGIN_PERCENT)) / 100n;
  // The margin alone must not make a transaction too large to be sent.
  const gas = ample > TRANSACTION_GAS_CAP && estimate <= TRANSACTION_GAS_CAP ? TRANSACTION_GAS_CAP : ample;
  const { maxPriorityFeePerGas, gasPrice } = fees;
  const maxFeePerGas = fees.maxFeePerGas ?? gasPrice ?? 0n;
  return {
    gas,
    maxFeePerGas,
    fees:
      fees.maxFeePerGas === null
        ? { gasLimit: gas, gasPrice: maxFeePerGas }
        : { gasLimit: gas, maxFeePerGas, maxPriorityFeePerGas: maxPriorityFeePerGas ?? 0n },
    worstCost: gas * maxFeePerGas,
    balance: await provider.getBalance(from),
  };
}

/**
 * Sends a call and waits until it is in a block.
 *
 * @param onSent - called with the transaction's hash as soon as the node took it
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function sendTransaction(
  signer: Signer,
  { to, data, contractInterface }: ContractCall,
  { fees }: Pick<TransactionCost, "fees">,
  onSent?: (transactionHash: string) => void,
): Promise<MinedTransaction> {
  const transaction = await signer.sendTransaction({ to, data, ...fees }).catch((error: unknown) => {
    throw toChainError(error, contractInterface);
  });
  onSent?.(transaction.hash);
  const receipt = await transaction.wait(1, MINING_TIMEOUT_MILLISECONDS).catch((error: unknown) => {
    const failure = toChainError(error, contractInterface);
    const text = `Transaction ${transaction.hash} was sent, and then: ${failure.message} Run again: nothing is done twice.`;
    throw new ProvenanceError(failure.code, text, { cause: error });
  });
  if (receipt === null)
    throw new ProvenanceError("CHAIN_UNREACHABLE", `There is no receipt for ${transaction.hash} yet.`);
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}
