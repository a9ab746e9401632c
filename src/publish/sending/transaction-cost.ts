import type { Provider } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Attempt } from "../journal/journal-schema.ts";
import { formatCoins } from "../../registry/coins.ts";
import { toChainError } from "../../registry/chain-error.ts";
import { explainReceiver } from "./receiver.ts";
import type { ContractCall } from "./sending.ts";
import { type Fees, feeCeiling, raiseFees, suggestFees } from "./fees.ts";
import { askDataFee, askDataGas, askOperatorFee } from "./data-fee.ts";

/** The most gas that a transaction may hold (EIP-7825). */
export const TRANSACTION_GAS_CAP = 2n ** 24n;
// The account's own code may run on receiving a token; an estimate is only an estimate.
const GAS_MARGIN_PERCENT = 10n;

/** What sending a transaction will take. */
export interface TransactionCost {
  readonly gas: bigint;
  /** In wei for each unit of gas: the most that can be charged. */
  readonly maxFeePerGas: bigint;
  /** What the transaction carries so that no more is charged. */
  readonly fees: { readonly gasLimit: bigint } & Fees;
  /** How much of the gas is for keeping the transaction's data on another chain, where the chain tells. */
  readonly dataGas?: bigint;
  /** In wei: what the chain charges beside gas for keeping the transaction's data on another chain; zero for most. */
  readonly dataFee: bigint;
  /** In wei: what the chain charges beside gas for running itself; left out where it charges nothing. */
  readonly operatorFee?: bigint;
  /** In wei: gas times the most that can be charged for it, the fee for data, and the ether that goes along. */
  readonly worstCost: bigint;
  /** Of the account that pays, in wei. */
  readonly balance: bigint;
}

/** Options of {@link estimateTransaction}. */
export interface EstimateOptions {
  /** The most to offer for a unit of gas, in wei. */
  readonly maxFeePerGas?: bigint;
  /** The transaction whose place is to be taken: more is offered than it does. */
  readonly replaces?: Attempt;
}

/**
 * Estimates a call by running it against the current state.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, or for more gas than a transaction may
 *   hold; `COST_TOO_HIGH` for fees above the cap; `CHAIN_UNREACHABLE`
 */
export async function estimateTransaction(
  provider: Provider,
  from: string,
  call: ContractCall,
  options: EstimateOptions = {},
): Promise<TransactionCost> {
  try {
    const estimate = await provider.estimateGas({ from, to: call.to, data: call.data, value: call.value ?? 0n });
    if (estimate > TRANSACTION_GAS_CAP) throw tooMuchGas(estimate);
    return await costOf(provider, from, call, estimate, options);
  } catch (error) {
    throw await explainReceiver(provider, error, toChainError(error, call.contractInterface), call);
  }
}

/** What a call of so much gas will take: some more of it, and the fees of now. Errors are the node's own. */
export async function costOf(
  provider: Provider,
  from: string,
  { to, data, value = 0n }: Pick<ContractCall, "to" | "data" | "value">,
  estimate: bigint,
  { maxFeePerGas: cap, replaces }: EstimateOptions = {},
): Promise<TransactionCost> {
  const [suggested, balance] = await Promise.all([suggestFees(provider, cap), provider.getBalance(from)]);
  const ample = (estimate * (100n + GAS_MARGIN_PERCENT)) / 100n;
  // The margin alone must not make a transaction too large to be sent.
  const gas = ample > TRANSACTION_GAS_CAP && estimate <= TRANSACTION_GAS_CAP ? TRANSACTION_GAS_CAP : ample;
  const fees = {
    gasLimit: gas,
    ...(replaces === undefined ? suggested.fees : raiseFees(suggested.fees, replaces, cap)),
  };
  const maxFeePerGas = feeCeiling(fees);
  const dataFee = await askDataFee(provider, { to, data, ...fees });
  const dataGas = await askDataGas(provider, { to, data });
  const operatorFee = await askOperatorFee(provider, gas);
  const worstCost = gas * maxFeePerGas + dataFee + operatorFee + value;
  return {
    gas,
    maxFeePerGas,
    fees,
    dataFee,
    worstCost,
    balance,
    ...(dataGas !== undefined && { dataGas }),
    ...(operatorFee > 0n && { operatorFee }),
  };
}

/**
 * Makes sure that an account can pay the worst, which is what nodes ask for before they take a transaction.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with both amounts
 */
export function assertAffordable(
  from: string,
  { worstCost, balance }: Pick<TransactionCost, "worstCost" | "balance">,
  chainId: bigint,
): void {
  if (balance >= worstCost) return;
  throw new ProvenanceError(
    "TRANSACTION_REFUSED",
    `The account ${from} has ${formatCoins(balance, chainId)}, and the transaction may cost ${formatCoins(worstCost, chainId)}. ` +
      "Send it some, or wait for lower fees.",
  );
}

function tooMuchGas(estimate: bigint): ProvenanceError {
  const text = `The call takes ${estimate} gas, more than the ${TRANSACTION_GAS_CAP} that a transaction may hold (EIP-7825).`;
  return new ProvenanceError("TRANSACTION_REFUSED", text);
}
