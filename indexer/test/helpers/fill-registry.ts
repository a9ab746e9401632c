import { AbiCoder, Interface, type JsonRpcProvider, keccak256, toBeHex, zeroPadValue } from "ethers";
import { ModelProvenanceNFT__factory } from "../../../typechain-types/factories/contracts/registry/ModelProvenanceNFT__factory.ts";

/** What a registry is filled with. */
export interface Filling {
  readonly models: number;
  /** Of these every second one, from the start on, names one parent. */
  readonly edges: number;
  /** The number of the first model. */
  readonly from?: number;
  /** So many transactions are in a block; 1 unless given. anvil goes through all that it holds for each block. */
  readonly transactionsPerBlock?: number;
}

/** Of what {@link fillRegistry} mints. */
export const MODELS_PER_TRANSACTION = 250;

const CONTRACT = new Interface(ModelProvenanceNFT__factory.abi);
const LICENSES = ["Apache-2.0", "MIT", "OpenRAIL-M", "CC-BY-4.0"];
const ZERO = `0x${"0".repeat(64)}`;

/** The token id of a model by its number. */
export function modelId(number: number): bigint {
  return BigInt(keccak256(AbiCoder.defaultAbiCoder().encode(["string", "uint256"], ["model", number])));
}

/** The parent of a model, where it has one: the one with half its number, so that the graph is as deep as a heap. */
export function parentOf(number: number, { edges }: Pick<Filling, "edges">): number | undefined {
  return number % 2 === 1 && (number - 1) / 2 < edges ? (number - 1) / 2 : undefined;
}

/** The digest of a model's metadata, by its number. */
export function metadataDigestOf(number: number): string {
  return digestOf("metadata", number);
}

/** Mints models on anvil, many in a transaction: the node's first account signs, and no limit of gas holds there. */
export async function fillRegistry(provider: JsonRpcProvider, address: string, filling: Filling): Promise<void> {
  const [from] = (await provider.send("eth_accounts", [])) as [string];
  const { models, from: first = 0, transactionsPerBlock = 1 } = filling;
  const areTogether = transactionsPerBlock > 1;
  if (areTogether) await provider.send("evm_setAutomine", [false]);
  let transactions = 0;
  for (let start = first; start < first + models; start += MODELS_PER_TRANSACTION) {
    const end = Math.min(start + MODELS_PER_TRANSACTION, first + models);
    const submissions = Array.from({ length: end - start }, (_, i) => toSubmission(start + i, filling));
    const data = CONTRACT.encodeFunctionData("mintBatch", [from, submissions]);
    await provider.send("eth_sendTransaction", [
      { from, to: address, data, gas: toBeHex(MODELS_PER_TRANSACTION * 300_000) },
    ]);
    if (areTogether && ++transactions % transactionsPerBlock === 0) await provider.send("evm_mine", []);
  }
  if (areTogether) await provider.send("evm_mine", []);
  await provider.send("evm_setAutomine", [true]);
}

function toSubmission(number: number, filling: Filling): Record<string, unknown> {
  const parent = parentOf(number, filling);
  return {
    modelDigest: toBeHex(modelId(number), 32),
    manifestRoot: digestOf("manifest", number),
    weightsDigest: digestOf("weights", number - (number % 3)),
    datasetDigest: number % 5 === 0 ? digestOf("dataset", number) : ZERO,
    metadataDigest: metadataDigestOf(number),
    relation: parent === undefined ? 0 : 2,
    parents: parent === undefined ? [] : [modelId(parent)],
    baseModelDigest: ZERO,
    framework: `PyTorch 2.${number % 10}`,
    license: LICENSES[number % LICENSES.length],
    performanceMetrics: number % 4 === 0 ? `accuracy=0.${number % 1000}` : "",
    version: `1.${number}`,
    royaltyReceiver: zeroPadValue("0x", 20),
    royaltyBasisPoints: 0,
  };
}

function digestOf(what: string, number: number): string {
  return keccak256(zeroPadValue(toBeHex(number), 32) + Buffer.from(what).toString("hex"));
}
