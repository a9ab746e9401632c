import { ZeroAddress } from "ethers";
import type { IModelProvenanceNFT } from "../../typechain-types/ModelProvenanceNFT.ts";
import { ProvenanceError } from "../errors.ts";
import { type Hex, ZERO_DIGEST } from "../hex.ts";
import { relationOf } from "../metadata/build-provenance.ts";
import type { Provenance } from "../metadata/schema.ts";
import { RELATIONS } from "../relation.ts";
import { toChainError } from "./chain-error.ts";
import type { Registry } from "./registry.ts";

/** What every way of minting takes, as the contract defines it. */
export type ModelSubmission = IModelProvenanceNFT.ModelSubmissionStruct;

const FRAMEWORK_MAX_BYTES = 64;
const METRICS_MAX_BYTES = 31;
const VERSION_MAX_BYTES = 64;
const MINING_TIMEOUT_MILLISECONDS = 10 * 60 * 1000;
// The account's own code may run on receiving a token; an estimate is only an estimate.
const GAS_MARGIN_PERCENT = 10n;

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

/** A transaction that was mined. */
export interface MinedTransaction {
  readonly transactionHash: string;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

/**
 * Turns a provenance into the contract's submission, so that chain and metadata say the same.
 *
 * @param warn - called when the headline metric is too long to be stored on chain
 * @throws {ProvenanceError} `OPTION_INVALID` for a framework or version of more than 64 bytes
 */
export function toSubmission(
  provenance: Provenance,
  metadataDigest: Hex,
  warn: (text: string) => void,
): ModelSubmission {
  const { framework, royalty, baseModels = [] } = provenance;
  const frameworkText = [framework?.name, framework?.version].filter(Boolean).join(" ");
  assertLength("framework", frameworkText, FRAMEWORK_MAX_BYTES);
  assertLength("version", provenance.version ?? "", VERSION_MAX_BYTES);
  return {
    modelDigest: provenance.modelDigest,
    manifestRoot: provenance.manifestRoot,
    weightsDigest: provenance.weightsDigest ?? ZERO_DIGEST,
    datasetDigest: provenance.datasetDigest ?? ZERO_DIGEST,
    metadataDigest,
    relation: RELATIONS.indexOf(relationOf(provenance)),
    parents: (provenance.parents ?? []).map(({ tokenId }) => BigInt(tokenId)),
    baseModelDigest: baseModels.length === 1 ? (baseModels[0]?.digest ?? ZERO_DIGEST) : ZERO_DIGEST,
    framework: frameworkText,
    license: provenance.license ?? "",
    performanceMetrics: headlineMetric(provenance, warn),
    version: provenance.version ?? "",
    royaltyReceiver: royalty?.receiver ?? ZeroAddress,
    royaltyBasisPoints: royalty?.basisPoints ?? 0,
  };
}

/**
 * Makes sure that an account may mint, before anything is pinned.
 *
 * @throws {ProvenanceError} `NOT_MINTER`, `CHAIN_UNREACHABLE`
 */
export async function assertMinter({ contract, address }: Registry, account: string): Promise<void> {
  const role = await contract.MINTER_ROLE().catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  if (await contract.hasRole(role, account)) return;
  throw new ProvenanceError(
    "NOT_MINTER",
    `The account ${account} does not have the minter role of the registry ${address}. Ask its admin to grant it.`,
  );
}

/**
 * Estimates a mint by running it against the current state.
 *
 * @throws {ProvenanceError} `TRANSACTION_REFUSED` with the contract's reason, `CHAIN_UNREACHABLE`
 */
export async function estimateMint(
  { contract, provider }: Registry,
  from: string,
  to: string,
  submission: ModelSubmission,
): Promise<TransactionCost> {
  try {
    const estimate = await contract.mintProvenanceNFT.estimateGas(to, submission);
    const fees = await provider.getFeeData();
    const gas = (estimate * (100n + GAS_MARGIN_PERCENT)) / 100n;
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
  } catch (error) {
    throw toChainError(error, contract.interface);
  }
}

/**
 * Sends a mint and waits until it is in a block.
 *
 * @param onSent - called with the transaction's hash as soon as the node took it
 * @throws {ProvenanceError} `TRANSACTION_REFUSED`, `CHAIN_UNREACHABLE`
 */
export async function sendMint(
  { contract }: Registry,
  to: string,
  submission: ModelSubmission,
  { fees }: Pick<TransactionCost, "fees">,
  onSent: (hash: string) => void,
): Promise<MinedTransaction> {
  const transaction = await contract.mintProvenanceNFT(to, submission, fees).catch((error: unknown) => {
    throw toChainError(error, contract.interface);
  });
  onSent(transaction.hash);
  const receipt = await transaction.wait(1, MINING_TIMEOUT_MILLISECONDS).catch((error: unknown) => {
    const failure = toChainError(error, contract.interface);
    const text = `Transaction ${transaction.hash} was sent, and then: ${failure.message} Run again: nothing is minted twice.`;
    throw new ProvenanceError(failure.code, text, { cause: error });
  });
  if (receipt === null)
    throw new ProvenanceError("CHAIN_UNREACHABLE", `There is no receipt for ${transaction.hash} yet.`);
  return { transactionHash: receipt.hash, blockNumber: receipt.blockNumber, gasUsed: receipt.gasUsed };
}

function assertLength(what: string, text: string, maximum: number): void {
  if (Buffer.byteLength(text) <= maximum) return;
  throw new ProvenanceError("OPTION_INVALID", `The ${what} ${text} has more than ${maximum} bytes. Shorten it.`);
}

function headlineMetric(provenance: Provenance, warn: (text: string) => void): string {
  const metric = provenance.metrics?.[0];
  if (metric === undefined) return "";
  const value = typeof metric.value === "number" ? Number(metric.value.toPrecision(4)) : metric.value;
  const text = `${metric.name}=${value}`;
  if (Buffer.byteLength(text) <= METRICS_MAX_BYTES) return text;
  warn(`The metric ${text} has more than ${METRICS_MAX_BYTES} bytes: it is in the metadata, not on chain.`);
  return "";
}
