import type { Interface } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import { decodeRevert, isOutOfGas, toChainError } from "../../registry/chain-error.ts";
import { type Fit, type Probe, fitBatch } from "./fit-batch.ts";
import type { Registry } from "../../registry/registry.ts";
import type { ModelSubmission } from "../../registry/submission.ts";
import type { ContractCall } from "./sending.ts";
import { TRANSACTION_GAS_CAP, type TransactionCost, costOf } from "./transaction-cost.ts";

/** What one transaction may be at most. */
export interface BatchLimits {
  /** {@link TRANSACTION_GAS_CAP} unless given; the block's own limit holds as well. */
  readonly gas?: bigint;
  /** Of the whole transaction; 131 072 unless given: nodes keep no larger one for the next block. */
  readonly bytes?: number;
}

const MAX_TRANSACTION_BYTES = 128 * 1024;
// Signature, fees and the other fields of a transaction, with room to spare.
const ENVELOPE_BYTES = 512;
// More than any one model takes: with more left than that, a refusal has another reason than gas.
const MODEL_GAS = 2_000_000n;

/**
 * Estimates a batch by running it against the current state, and finds out how much of it one transaction holds.
 *
 * @param submissions - at least one; a parent stands before its children
 * @throws {ProvenanceError} `BATCH_TOO_LARGE` with the number of models that fit, `TRANSACTION_REFUSED` with the contract's
 *   reason and the model it is about, `CHAIN_UNREACHABLE`, `OPTION_MISSING` for an empty batch
 * @see EIP-7825
 */
export async function estimateBatch(
  registry: Registry,
  from: string,
  to: string,
  submissions: readonly ModelSubmission[],
  limits: BatchLimits = {},
): Promise<TransactionCost> {
  const { provider, contract } = registry;
  const total = submissions.length;
  if (total === 0) throw new ProvenanceError("OPTION_MISSING", "A batch needs at least one model.");
  const { bytes = MAX_TRANSACTION_BYTES } = limits;
  try {
    const { fit, bySize, gasLimit } = await fitSubmissions(registry, from, to, submissions, limits);
    if (fit.count === total) return await costOf(provider, from, batchCall(registry, to, submissions), fit.gas);
    if (fit.next !== undefined && "failure" in fit.next) {
      throwRefusal(fit, fit.next.failure, gasLimit, submissions, contract.interface);
    }
    const bound = fit.count === bySize ? `${bytes} bytes` : `${gasLimit} gas`;
    throw new ProvenanceError(
      "BATCH_TOO_LARGE",
      `${total} models do not fit into one transaction of at most ${bound}: the first ${fit.count} do. Send the rest after them.`,
    );
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/**
 * Finds how many of the first models one transaction holds, by running them against the current state.
 *
 * @returns at least 0: the first may be too large, or refused by the contract
 * @throws {ProvenanceError} `CHAIN_UNREACHABLE`
 */
export async function countFitting(
  registry: Registry,
  from: string,
  to: string,
  submissions: readonly ModelSubmission[],
): Promise<number> {
  const { fit } = await fitSubmissions(registry, from, to, submissions, {}).catch((error: unknown) => {
    throw toChainError(error, registry.contract.interface);
  });
  return fit.count;
}

async function fitSubmissions(
  registry: Registry,
  from: string,
  to: string,
  submissions: readonly ModelSubmission[],
  { bytes = MAX_TRANSACTION_BYTES, gas = TRANSACTION_GAS_CAP }: BatchLimits,
): Promise<{ fit: Fit; bySize: number; gasLimit: bigint }> {
  const blockLimit = (await registry.provider.getBlock("latest"))?.gasLimit ?? gas;
  const gasLimit = gas < blockLimit ? gas : blockLimit;
  const bySize = countWithin(registry, to, submissions, bytes - ENVELOPE_BYTES);
  if (bySize === 0) return { fit: { count: 0, gas: 0n }, bySize, gasLimit };
  const fit = await fitBatch(bySize, gasLimit, (count) => probe(registry, from, to, submissions.slice(0, count)));
  return { fit, bySize, gasLimit };
}

/** The call that mints a batch. */
export function batchCall(
  { address, contract }: Registry,
  to: string,
  submissions: readonly ModelSubmission[],
): ContractCall {
  const data = contract.interface.encodeFunctionData("mintBatch", [to, [...submissions]]);
  return { to: address, data, contractInterface: contract.interface };
}

async function probe(
  registry: Registry,
  from: string,
  to: string,
  submissions: readonly ModelSubmission[],
): Promise<Probe> {
  const { to: target, data, contractInterface } = batchCall(registry, to, submissions);
  try {
    return { gas: await registry.provider.estimateGas({ from, to: target, data }) };
  } catch (failure) {
    const error = toChainError(failure, contractInterface);
    if (error.code === "CHAIN_UNREACHABLE") throw error;
    return { failure };
  }
}

/** How many of the first submissions make a call of at most so many bytes. */
function countWithin(
  registry: Registry,
  to: string,
  submissions: readonly ModelSubmission[],
  maxBytes: number,
): number {
  const sizeOf = (some: readonly ModelSubmission[]) => (batchCall(registry, to, some).data.length - 2) / 2;
  const empty = sizeOf([]);
  let size = empty;
  const beyond = submissions.findIndex((submission) => (size += sizeOf([submission]) - empty) > maxBytes);
  return beyond === -1 ? submissions.length : beyond;
}

/** Throws where the next model is refused for another reason than the gas that it would take. */
function throwRefusal(
  { count, gas }: Fit,
  failure: unknown,
  gasLimit: bigint,
  submissions: readonly ModelSubmission[],
  contractInterface: Interface,
): void {
  if (isOutOfGas(failure)) return;
  const reason = decodeRevert(failure, contractInterface)?.name;
  // A receiver that runs out of gas, and so gives no reason, is reported as one that takes no tokens.
  const mayBeGas = reason === undefined || reason === "ERC721InvalidReceiver";
  if (mayBeGas && gasLimit - gas < MODEL_GAS) return;
  const { code, message } = toChainError(failure, contractInterface);
  const which = `Model ${count + 1} of ${submissions.length} (${submissions[count]?.modelDigest})`;
  throw new ProvenanceError(code, `${which}: ${message}`, { cause: failure });
}
