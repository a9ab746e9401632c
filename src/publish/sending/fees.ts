import { type Provider, formatUnits } from "ethers";
import { ProvenanceError } from "../../base/errors.ts";
import type { Attempt } from "../journal/journal-schema.ts";

/** What a transaction offers for each unit of gas, in wei: EIP-1559, or one price on chains without it. */
export type Fees =
  { readonly maxFeePerGas: bigint; readonly maxPriorityFeePerGas: bigint } | { readonly gasPrice: bigint };

/** Fees to offer now, and what the last block asked at least. */
export interface SuggestedFees {
  readonly fees: Fees;
  /** In wei for each unit of gas; zero where the chain has no base fee. */
  readonly baseFee: bigint;
}

/** The most that can be charged for a unit of gas, in wei. */
export function feeCeiling(fees: Fees): bigint {
  return "gasPrice" in fees ? fees.gasPrice : fees.maxFeePerGas;
}

/**
 * Asks the node what to offer: twice the base fee and a tip, so that six full blocks in a row do not price it out.
 *
 * @param cap - the most to offer for a unit of gas, in wei
 * @throws {ProvenanceError} `COST_TOO_HIGH` if the cap is below what the last block asked; and what the provider throws
 */
export async function suggestFees(provider: Provider, cap?: bigint): Promise<SuggestedFees> {
  const [data, block] = await Promise.all([provider.getFeeData(), provider.getBlock("latest")]);
  const baseFee = block?.baseFeePerGas ?? 0n;
  if (data.maxFeePerGas === null) {
    const gasPrice = data.gasPrice ?? 0n;
    if (cap !== undefined && cap < gasPrice) throw aboveCap(gasPrice, cap);
    return { fees: { gasPrice }, baseFee: gasPrice };
  }
  if (cap !== undefined && cap < baseFee) throw aboveCap(baseFee, cap);
  const maxFeePerGas = smaller(data.maxFeePerGas, cap);
  return {
    fees: { maxFeePerGas, maxPriorityFeePerGas: smaller(data.maxPriorityFeePerGas ?? 0n, maxFeePerGas) },
    baseFee,
  };
}

/**
 * Raises fees above those of a transaction that is to be replaced at its nonce: nodes take a replacement only for a
 * tenth more in every field. One eighth is asked, as in go-ethereum's own tools.
 *
 * @throws {ProvenanceError} `COST_TOO_HIGH` if that is above the cap
 */
export function raiseFees(suggested: Fees, replaced: Attempt, cap?: bigint): Fees {
  const least = raised(BigInt(replaced.maxFeePerGas));
  if (cap !== undefined && cap < least) throw aboveCap(least, cap);
  if ("gasPrice" in suggested) return { gasPrice: larger(suggested.gasPrice, least) };
  const maxFeePerGas = larger(suggested.maxFeePerGas, least);
  const tip = larger(
    suggested.maxPriorityFeePerGas,
    raised(BigInt(replaced.maxPriorityFeePerGas ?? replaced.maxFeePerGas)),
  );
  return { maxFeePerGas, maxPriorityFeePerGas: smaller(tip, maxFeePerGas) };
}

function raised(value: bigint): bigint {
  return (value * 9n) / 8n + 1n;
}

function aboveCap(needed: bigint, cap: bigint): ProvenanceError {
  const text =
    `The network asks ${formatUnits(needed, "gwei")} gwei for a unit of gas, more than ` +
    `MAX_FEE_GWEI=${formatUnits(cap, "gwei")}. Wait until it asks less, or raise the limit.`;
  return new ProvenanceError("COST_TOO_HIGH", text);
}

function smaller(a: bigint, b: bigint | undefined): bigint {
  return b === undefined || a < b ? a : b;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
